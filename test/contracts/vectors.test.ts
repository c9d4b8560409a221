import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { AbiCoder, keccak256 as ethersKeccak256, sha256 as ethersSha256, TypedDataEncoder } from 'ethers'
import type { Address, Hex } from 'viem'
import { channelId, verifyTick } from '../../sdk/src/channel/index.ts'
import { SESSION_TYPES, hashOpenIntent, hashTopUp, hashVoucher, sessionId } from '../../sdk/src/session/index.ts'
import { encodeDeed, hashSocialAction, SOCIAL_TYPES } from '../../sdk/src/social/index.ts'
import type { SocialDeed } from '../../sdk/src/social/index.ts'
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
/** JSON has no integers as wide as an edition's id. */
type StoredDeed = Exclude<SocialDeed, { kind: 'view' }> | { kind: 'view'; contentId: Hex; editionId: string }
type Social = {
  domain: Eip712['domain']
  SocialAction: (Vector<(typeof SOCIAL_TYPES)['SocialAction'][number]['name']> & { deed: StoredDeed })[]
}
type Ticks = { tick: Hex; ticks: number; root: Hex }

async function load<vectors>(name: string): Promise<vectors> {
  return JSON.parse(await readFile(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as vectors
}

const eip712 = await load<Eip712>('eip712')
const channelIds = await load<ChannelIds[]>('channel-ids')
const ticks = await load<Ticks[]>('ticks')
const keeperRegistrations = await load<KeeperRegistrations[]>('keeper-registrations')
const social = await load<Social>('social')

/** The contracts' code at the vectors' addresses; what it cached for another address it computes anew. */
async function deployAtVectorAddresses() {
  const { channels, social: graph, client } = await deploySluice()
  assert.equal(await client.getChainId(), eip712.domain.chainId)
  const move = async (from: Address, to: Address) => {
    const code = await client.getCode({ address: from })
    assert.ok(code)
    await networkHelpers.setCode(to, code)
    return to
  }
  return {
    channels: await viem.getContractAt('SliceChannels', await move(channels.address, eip712.domain.verifyingContract)),
    graph: await viem.getContractAt('SocialGraph', await move(graph.address, social.domain.verifyingContract)),
  }
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
const actions = social.SocialAction.map(({ message, digest, deed }) => ({
  digest,
  deed: deed.kind === 'view' ? { ...deed, editionId: BigInt(deed.editionId) } : deed,
  action: {
    wallet: message.wallet as Address,
    session: { qx: message.qx as Hex, qy: message.qy as Hex },
    kind: Number(message.kind),
    subject: message.subject as Hex,
    value: message.value as Hex,
    parent: message.parent as Hex,
    nonce: BigInt(message.nonce),
    issuedAt: BigInt(message.issuedAt),
    deadline: BigInt(message.deadline),
  },
}))
const descriptors = channelIds.map(({ payer, payee, token, qx, qy, salt, ...rest }) => ({
  descriptor: { payer, payee, token, session: { qx, qy }, salt },
  ...rest,
}))

describe('vectors', () => {
  it('are what the contract computes', async () => {
    const { channels, graph } = await loadFixture(deployAtVectorAddresses)
    const harness = await viem.deployContract('LibraryHarness')
    for (const { intent, digest } of intents) assert.equal(await channels.read.hashOpenIntent([intent]), digest)
    for (const { order, digest } of topUps) assert.equal(await channels.read.hashTopUp([order]), digest)
    for (const { voucher, digest } of vouchers) assert.equal(await channels.read.hashVoucher([voucher]), digest)
    for (const { descriptor, channelId: id } of descriptors) {
      assert.equal(await channels.read.channelIdOf([descriptor]), id)
    }
    for (const { action, digest } of actions) assert.equal(await graph.read.hashAction([action]), digest)
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
    const socialDomain = { chainId: social.domain.chainId, social: social.domain.verifyingContract }
    for (const { action, deed, digest } of actions) {
      assert.equal(hashSocialAction(socialDomain, { ...action, ...encodeDeed(deed) }), digest)
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
    const types = { SocialAction: [...SOCIAL_TYPES.SocialAction] }
    for (const { message, digest } of social.SocialAction) {
      assert.equal(TypedDataEncoder.hash(social.domain, types, message), digest)
    }
    const coder = AbiCoder.defaultAbiCoder()
    const channelTypes = ['uint256', 'address', 'address', 'address', 'address', 'bytes32', 'bytes32', 'bytes32']
    for (const { chainId, contract, payer, payee, token, qx, qy, salt, ...ids } of channelIds) {
      const encoded = coder.encode(channelTypes, [chainId, contract, payer, payee, token, qx, qy, salt])
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
