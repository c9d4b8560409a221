import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import {
  concat,
  Contract,
  ContractFactory,
  getBytes,
  hexlify,
  id,
  JsonRpcProvider,
  keccak256,
  parseEther,
} from 'ethers'
import { toBeHex, TypedDataEncoder, ZeroAddress } from 'ethers'
import type { ContractTransactionReceipt, JsonRpcSigner, TypedDataField } from 'ethers'
import { artifacts, network } from 'hardhat'

/*
 * A whole story told by ethers and WebCrypto over JSON-RPC, without viem, the sdk or anything else of ours: what the
 * interfaces and docs/protocol.md say must be enough to build on.
 */

const PRICE = parseEther('0.25')
const DEPOSIT = parseEther('2')
const CHANNEL = parseEther('0.5')
const CUMULATIVE = 1_000_000n
const TICK_VALUE = 1234n
const TICKS = 7
const MAX_TICKS = 32

/** Order of the P-256 group. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const INTENT: TypedDataField[] = [
  { name: 'payer', type: 'address' },
  { name: 'payee', type: 'address' },
  { name: 'token', type: 'address' },
  { name: 'amount', type: 'uint256' },
  { name: 'challenge', type: 'uint24' },
  { name: 'qx', type: 'bytes32' },
  { name: 'qy', type: 'bytes32' },
  { name: 'salt', type: 'bytes32' },
  { name: 'deadline', type: 'uint64' },
]
const VOUCHER: TypedDataField[] = [
  { name: 'channelId', type: 'bytes32' },
  { name: 'cumulative', type: 'uint256' },
  { name: 'tickRoot', type: 'bytes32' },
  { name: 'tickValue', type: 'uint256' },
  { name: 'maxTicks', type: 'uint32' },
]

const server = await network.createServer({ network: 'default' }, '127.0.0.1', 0)
const { address, port } = await server.listen()
const provider = new JsonRpcProvider(`http://${address}:${port}`, undefined, { cacheTimeout: -1, staticNetwork: true })

type Actors = Record<'creator' | 'consumer' | 'seeder', JsonRpcSigner>

async function deploy(name: string, ...args: unknown[]): Promise<Contract> {
  const { abi, bytecode } = await artifacts.readArtifact(name)
  const deployed = await new ContractFactory([...abi], bytecode, await provider.getSigner(0)).deploy(...args)
  await deployed.waitForDeployment()
  return new Contract(await deployed.getAddress(), [...abi], provider)
}

/** Sends a call as somebody, waits for it, and tells what it cost them beside the value. */
async function send(contract: Contract, from: JsonRpcSigner, name: string, args: unknown[], value = 0n) {
  const connected = contract.connect(from) as Contract
  const response = await connected.getFunction(name).send(...args, { value })
  const receipt: ContractTransactionReceipt | null = await response.wait()
  assert.equal(receipt?.status, 1, name)
  return receipt.fee
}

async function read(contract: Contract, name: string, ...args: unknown[]): Promise<unknown> {
  return contract.getFunction(name).staticCall(...args)
}

async function createSession() {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const publicKey = { qx: hexlify(point.subarray(1, 33)), qy: hexlify(point.subarray(33)) }
  return {
    publicKey,
    /** WebCrypto hashes the digest once more, and does not care which of the two s it gives; the chain takes the low one. */
    async sign(digest: string) {
      const signed = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        pair.privateKey,
        new Uint8Array(getBytes(digest)),
      )
      const [r, s] = [new Uint8Array(signed, 0, 32), BigInt(hexlify(new Uint8Array(signed, 32)))]
      return { r: hexlify(r), s: toBeHex(s > ORDER / 2n ? ORDER - s : s, 32) }
    },
  }
}

/** `links[n]` is what reveals n ticks. */
function hashChain(length: number): string[] {
  const links = [id('a fresh seed')]
  for (let made = 0; made < length; made += 1) links.unshift(keccak256(links[0]!))
  return links
}

describe('with ethers alone', () => {
  let registry: Contract, keys: Contract, channels: Contract
  let actors: Actors
  let domain: { name: string; version: string; chainId: bigint; verifyingContract: string }

  before(async () => {
    registry = await deploy('MetaHashRegistry')
    keys = await deploy('ContentKeys', await registry.getAddress())
    channels = await deploy('SliceChannels')
    const [creator, consumer, seeder] = await Promise.all([1, 2, 3].map((index) => provider.getSigner(index)))
    actors = { creator: creator!, consumer: consumer!, seeder: seeder! }
    const { chainId } = await provider.getNetwork()
    domain = { name: 'Sluice', version: '1', chainId, verifyingContract: await channels.getAddress() }
  })

  after(async () => {
    provider.destroy()
    await server.close()
  })

  it('publishes, sells a key, and moves its price to the creator to the wei', async () => {
    const { creator, consumer } = actors
    const [salt, editionSalt] = [id('content salt'), id('edition salt')]
    await send(registry, creator, 'publish', [salt, id('manifest'), id('proofs'), 100, 0])
    const contentId = keccak256(concat([toBeHex(creator.address, 32), salt]))
    const terms = {
      price: PRICE,
      token: ZeroAddress,
      maxSupply: 10,
      firstSlice: 0,
      lastSlice: 99,
      laterVersions: false,
      duration: 0,
      royaltyBps: 500,
      referralBps: 0,
      transferable: true,
      payouts: [],
    }
    await send(keys, creator, 'createEdition', [contentId, editionSalt, terms, 1, id('lockbox')])
    const editionId = BigInt(keccak256(concat([contentId, editionSalt])))

    const before = await provider.getBalance(consumer.address)
    const order = [editionId, 1, consumer.address, ZeroAddress, PRICE, 1]
    const fee = await send(keys, consumer, 'buy', order, PRICE)
    assert.equal(await provider.getBalance(consumer.address), before - PRICE - fee)
    assert.equal(await read(keys, 'balanceOf', consumer.address, editionId), 1n)
    assert.equal(await read(keys, 'isEntitled', contentId, 1, consumer.address, 0, 99), true)

    const earned = await provider.getBalance(creator.address)
    const withdrawing = await send(keys, creator, 'withdraw', [ZeroAddress])
    assert.equal(await provider.getBalance(creator.address), earned + PRICE - withdrawing)
    assert.equal(await provider.getBalance(await keys.getAddress()), 0n)
  })

  it('pays a seeder for a voucher and its ticks, and the rest comes back, to the wei', async () => {
    const { consumer, seeder } = actors
    const session = await createSession()
    const now = (await provider.getBlock('latest'))!.timestamp
    const grant = [ZeroAddress, DEPOSIT, session.publicKey, DEPOSIT, now + 86_400]
    const before = await provider.getBalance(consumer.address)
    const fee = await send(channels, consumer, 'depositAndAuthorize', grant, DEPOSIT)
    assert.equal(await provider.getBalance(consumer.address), before - DEPOSIT - fee)

    const parties = { payer: consumer.address, payee: seeder.address, token: ZeroAddress }
    const terms = { ...parties, amount: CHANNEL, challenge: 3600, salt: id('channel salt'), deadline: now + 600 }
    const signedIntent = await session.sign(
      TypedDataEncoder.hash(domain, { OpenIntent: INTENT }, { ...terms, ...session.publicKey }),
    )
    await send(channels, seeder, 'open', [{ ...terms, session: session.publicKey }, signedIntent])
    const descriptor = { ...parties, session: session.publicKey, salt: terms.salt }
    const channelId = await read(channels, 'channelIdOf', descriptor)
    assert.equal(await read(channels, 'balanceOf', consumer.address, ZeroAddress), DEPOSIT - CHANNEL)

    const links = hashChain(MAX_TICKS)
    const voucher = {
      channelId,
      cumulative: CUMULATIVE,
      tickRoot: links[0],
      tickValue: TICK_VALUE,
      maxTicks: MAX_TICKS,
    }
    const signature = await session.sign(TypedDataEncoder.hash(domain, { Voucher: VOUCHER }, voucher))
    const poor = await provider.getBalance(seeder.address)
    const claim = { descriptor, voucher, signature, tick: links[TICKS], ticks: TICKS }
    const claiming = await send(channels, seeder, 'claim', [claim])
    const paid = CUMULATIVE + BigInt(TICKS) * TICK_VALUE
    assert.equal(await provider.getBalance(seeder.address), poor + paid - claiming)

    await send(channels, seeder, 'closeNow', [descriptor])
    assert.equal(await read(channels, 'balanceOf', consumer.address, ZeroAddress), DEPOSIT - paid)
    assert.equal(await provider.getBalance(await channels.getAddress()), DEPOSIT - paid)
  })
})
