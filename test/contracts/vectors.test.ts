import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { AbiCoder, keccak256 as ethersKeccak256, sha256 as ethersSha256, TypedDataEncoder } from 'ethers'
import type { Address, Hex } from 'viem'
import { channelId, verifyTick } from '../../sdk/src/channel/index.ts'
import { SESSION_TYPES, hashOpenIntent, hashTopUp, hashVoucher, sessionId } from '../../sdk/src/session/index.ts'
import { deploySluice, networkHelpers, viem } from './support/fixture.ts'

const { loadFixture } = networkHelpers

type Vector<fields extends string> = { message: Record<fields, string>; digest: Hex }
type Eip712 = {
  domain: { name: string; version: string; chainId: number; verifyingContract: Address }
} & { [type in keyof typeof SESSION_TYPES]: Vector<(typeof SESSION_TYPES)[type][number]['name']>[] }
type ChannelIds = Record<'contract' | 'payer' | 'payee' | 'token' | 'qx' | 'qy' | 'salt' | 'channelId', Hex> & {
  chainId: number
  sessionId: Hex
}
type KeeperRegistrations = Record<'registry' | 'owner' | 'peerId' | 'publicKey' | 'statement', Hex> & {
  chainId: number
}
type Ticks = { tick: Hex; ticks: number; root: Hex }

async function load<vectors>(name: string): Promise<vectors> {
  return JSON.parse(await readFile(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as vectors
}

const eip712 = await load<Eip712>('eip712')
const channelIds = await load<ChannelIds[]>('channel-ids')
const ticks = await load<Ticks[]>('ticks')
const keeperRegistrations = await load<KeeperRegistrations[]>('keeper-registrations')

/** The contract's code at the vectors' address; what it cached for another address it computes anew. */
async function deployAtVectorAddress() {
  const { channels, client } = await deploySluice()
  const code = await client.getCode({ address: channels.address })
  assert.ok(code)
  const { verifyingContract, chainId } = eip712.domain
  assert.equal(await client.getChainId(), chainId)
  await networkHelpers.setCode(verifyingContract, code)
  return viem.getContractAt('SliceChannels', verifyingContract)
}

const intents = eip712.OpenIntent.map(({ message, digest }) => ({
  digest,
  intent: {
    payer: message.payer as Address,
    payee: message.payee as Address,
    token: message.token as Address,
    amount: BigInt(message.amount),
    challenge: Number(message.challenge),
    session: { qx: message.qx as Hex, qy: message.qy as Hex },
    salt: message.salt as Hex,
    deadline: BigInt(message.deadline),
  },
}))
const topUps = eip712.TopUp.map(({ message, digest }) => ({
  digest,
  order: {
    channelId: message.channelId as Hex,
    newDeposit: BigInt(message.newDeposit),
    deadline: BigInt(message.deadline),
  },
}))
const vouchers = eip712.Voucher.map(({ message, digest }) => ({
  digest,
  voucher: {
    channelId: message.channelId as Hex,
    cumulative: BigInt(message.cumulative),
    tickRoot: message.tickRoot as Hex,
    tickValue: BigInt(message.tickValue),
    maxTicks: Number(message.maxTicks),
  },
}))
const descriptors = channelIds.map(({ payer, payee, token, qx, qy, salt, ...rest }) => ({
  descriptor: { payer, payee, token, session: { qx, qy }, salt },
  ...rest,
}))

describe('vectors', () => {
  it('are what the contract computes', async () => {
    const channels = await loadFixture(deployAtVectorAddress)
    const harness = await viem.deployContract('LibraryHarness')
    for (const { intent, digest } of intents) assert.equal(await channels.read.hashOpenIntent([intent]), digest)
    for (const { order, digest } of topUps) assert.equal(await channels.read.hashTopUp([order]), digest)
    for (const { voucher, digest } of vouchers) assert.equal(await channels.read.hashVoucher([voucher]), digest)
    for (const { descriptor, channelId: id } of descriptors) {
      assert.equal(await channels.read.channelIdOf([descriptor]), id)
    }
    for (const { tick, ticks: count, root } of ticks) assert.equal(await harness.read.root([tick, count]), root)
  })

  it('are what the sdk computes', () => {
    const domain = { chainId: eip712.domain.chainId, channels: eip712.domain.verifyingContract }
    for (const { intent, digest } of intents) assert.equal(hashOpenIntent(domain, intent), digest)
    for (const { order, digest } of topUps) assert.equal(hashTopUp(domain, order), digest)
    for (const { voucher, digest } of vouchers) assert.equal(hashVoucher(domain, voucher), digest)
    for (const { descriptor, chainId, contract, ...ids } of descriptors) {
      assert.equal(channelId({ chainId, channels: contract }, descriptor), ids.channelId)
      assert.equal(sessionId(descriptor.session), ids.sessionId)
    }
    for (const { tick, ticks: count, root } of ticks) assert.ok(verifyTick(root, tick, count))
  })

  it('are what the registry of nodes computes, at the address that they name', async () => {
    const { nodes, client } = await loadFixture(deploySluice)
    const code = await client.getCode({ address: nodes.address })
    assert.ok(code)
    const here = keeperRegistrations.filter(({ chainId }) => chainId === eip712.domain.chainId)
    assert.ok(here.length > 0)
    for (const { registry, owner, peerId, publicKey, statement } of here) {
      await networkHelpers.setCode(registry, code)
      const contract = await viem.getContractAt('NodeRegistry', registry)
      assert.equal(await contract.read.keeperStatementOf([owner, peerId, publicKey]), statement)
    }
  })

  it('are what ethers alone computes', () => {
    for (const [type, fields] of Object.entries(SESSION_TYPES)) {
      for (const { message, digest } of eip712[type as keyof typeof SESSION_TYPES]) {
        assert.equal(TypedDataEncoder.hash(eip712.domain, { [type]: [...fields] }, message), digest, type)
      }
    }
    const coder = AbiCoder.defaultAbiCoder()
    const types = ['uint256', 'address', 'address', 'address', 'address', 'bytes32', 'bytes32', 'bytes32']
    for (const { chainId, contract, payer, payee, token, qx, qy, salt, ...ids } of channelIds) {
      const encoded = coder.encode(types, [chainId, contract, payer, payee, token, qx, qy, salt])
      assert.equal(ethersKeccak256(encoded), ids.channelId)
      assert.equal(ethersKeccak256(coder.encode(['bytes32', 'bytes32'], [qx, qy])), ids.sessionId)
    }
    for (const { chainId, registry, owner, peerId, publicKey, statement } of keeperRegistrations) {
      const statementTypes = ['uint256', 'address', 'address', 'bytes', 'bytes32']
      const encoded = coder.encode(statementTypes, [chainId, registry, owner, peerId, publicKey])
      assert.equal(ethersSha256(encoded), statement)
    }
    for (const { tick, ticks: count, root } of ticks) {
      let link: string = tick
      for (let i = 0; i < count; i++) link = ethersKeccak256(link)
      assert.equal(link, root)
    }
  })
})
