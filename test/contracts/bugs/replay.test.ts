import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { after, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { network } from 'hardhat'
import { getAddress } from 'viem'
import type { Hex } from 'viem'
import { hashOpenIntent, hashTopUp, hashVoucher, sessionId, signDigest } from '../../../sdk/src/session/index.ts'
import { refuses } from '../support/assertions.ts'
import { descriptorOf, ETHER, fund, makeClaim, makeIntent, openChannel, packClaim } from '../support/channels.ts'
import { signIntent, signTopUp } from '../support/channels.ts'
import { deploySluice, deploySluiceOn, NATIVE, networkHelpers, now, viem } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'

const { loadFixture } = networkHelpers
const OTHER_CHAIN = 4242

type Call = { id: number; method: string; params: unknown[] }
type World = Pick<Sluice, 'channels' | 'domain' | 'payer' | 'payee' | 'session'>

/** The payer's escrow and session in another place, with a channel of the same descriptor as `intent` in it. */
async function mirror(there: World, intent: Awaited<ReturnType<typeof makeIntent>>) {
  const { channels, payer, session, domain } = there
  const grant = [NATIVE, ETHER, session.publicKey, ETHER, intent.deadline + 86_400n] as const
  await channels.write.depositAndAuthorize(grant, { account: payer.account, value: ETHER })
  const open = async () =>
    channels.write.open([intent, await signDigest(session, hashOpenIntent(domain, intent))], {
      account: there.payee.account,
    })
  return { open, channelId: await channels.read.channelIdOf([intent]) }
}

/** A chain in this process, behind an RPC endpoint from which another one can fork. */
async function serve(provider: Awaited<ReturnType<typeof network.create>>['provider']) {
  const server = createServer((request, response) => {
    const answer = async () => {
      const { id, method, params } = (await json(request)) as Call
      const result = await provider.request({ method, params })
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result }))
    }
    answer().catch((error: unknown) => response.destroy(error as Error))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await promisify(server.close.bind(server))()
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

/** Everything signed for `here` fails `there`, where the same wallets, session and descriptor have a channel as well. */
async function refusesAllOf(here: Sluice, there: World) {
  const { channels } = there
  const channel = await openChannel(here)
  const { intent, descriptor } = channel
  const { open, channelId } = await mirror(there, intent)
  assert.notEqual(channelId, channel.channelId)
  const signer: [Hex, Hex] = [channelId, sessionId(here.session.publicKey)]

  const signature = await signIntent(here, intent)
  await refuses(channels.write.open([intent, signature]), channels, 'SliceChannels_SignatureInvalid', signer)
  await open()

  const order = { channelId: channel.channelId, newDeposit: 2n * intent.amount, deadline: intent.deadline }
  const mismatch: [`0x${string}`, `0x${string}`] = [channel.channelId, channelId]
  const replayed = channels.write.topUp([descriptor, order, await signTopUp(here, order)])
  await refuses(replayed, channels, 'SliceChannels_ChannelMismatch', mismatch)
  const claim = await makeClaim(here, channel)
  await refuses(channels.write.claim([claim]), channels, 'SliceChannels_ChannelMismatch', mismatch)
  const batch = channels.write.claimBatch([here.payee.account.address, NATIVE, [packClaim(claim)]])
  await refuses(batch, channels, 'SliceChannels_SignatureInvalid', signer)

  // Even where the id is the right one, the domain that was signed is not.
  const renamed = { ...order, channelId }
  const relabelled = channels.write.topUp([descriptor, renamed, await signTopUp(here, renamed)])
  await refuses(relabelled, channels, 'SliceChannels_SignatureInvalid', signer)
  const forThere = await makeClaim(here, { channelId, descriptor })
  await refuses(channels.write.claim([forThere]), channels, 'SliceChannels_SignatureInvalid', signer)

  const { deposit, claimed } = await channels.read.channelOf([channelId])
  assert.deepEqual([deposit, claimed], [intent.amount, 0n])
}

describe('bug class: cross-chain and cross-contract replay', () => {
  it('refuses what was signed for the same address on another chain', async () => {
    const here = await loadFixture(deploySluice)
    await fund(here)
    const connection = await network.create({ override: { chainId: OTHER_CHAIN } })
    const there = await deploySluiceOn(connection)
    const code = await there.client.getCode({ address: there.channels.address })
    await connection.networkHelpers.setCode(here.channels.address, code!)
    const channels = await connection.viem.getContractAt('SliceChannels', here.channels.address)
    // The file's own chain may have run ahead.
    const { time } = connection.networkHelpers
    if ((await now()) > BigInt(await time.latest())) await time.increaseTo(await now())
    const domain = { chainId: OTHER_CHAIN, channels: channels.address }
    await refusesAllOf(here, { ...there, channels, domain, session: here.session })
  })

  it('refuses what was signed for another deployment on the same chain', async () => {
    const here = await loadFixture(deploySluice)
    await fund(here)
    const channels = await viem.deployContract('SliceChannels')
    assert.notEqual(channels.address, here.channels.address)
    await refusesAllOf(here, { ...here, channels, domain: { ...here.domain, channels: channels.address } })
  })

  it('refuses one kind of order as another, even over the same bytes', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, session } = sluice
    await fund(sluice)
    const channel = await openChannel(sluice)
    const order = {
      channelId: channel.channelId,
      newDeposit: 2n * channel.intent.amount,
      deadline: channel.intent.deadline,
    }
    const claim = await makeClaim(sluice, channel)
    const signer: [Hex, Hex] = [channel.channelId, sessionId(session.publicKey)]
    const asOrder = channels.write.topUp([channel.descriptor, order, claim.signature])
    await refuses(asOrder, channels, 'SliceChannels_SignatureInvalid', signer)
    const asClaim = channels.write.claim([{ ...claim, signature: await signTopUp(sluice, order) }])
    await refuses(asClaim, channels, 'SliceChannels_SignatureInvalid', signer)
  })
})

describe('bug class: a fork that takes another chain id', async () => {
  const main = await network.create()
  const before = await deploySluiceOn(main)
  const { channels, client, session } = before
  const { url, close } = await serve(main.provider)
  after(close)

  const latest = await client.getBlock()
  const deadline = latest.timestamp + 600n
  const grant = [NATIVE, ETHER, session.publicKey, ETHER, latest.timestamp + 90_000n] as const
  await channels.write.depositAndAuthorize(grant, { account: before.payer.account, value: ETHER })
  const intent = await makeIntent(before, { deadline })
  const descriptor = descriptorOf(intent)
  await channels.write.open([intent, await signIntent(before, intent)])
  const channelId = await channels.read.channelIdOf([intent])
  const blockNumber = await client.getBlockNumber()

  /** The state of the chain as it was then, under another chain id. */
  async function split() {
    const forked = await network.create({ override: { forking: { url, blockNumber }, chainId: OTHER_CHAIN } })
    // The first block of its own: those before it belong to the other chain id.
    await forked.networkHelpers.mine()
    return { forked, fork: await forked.viem.getContractAt('SliceChannels', channels.address) }
  }

  it('leaves every signature to the chain it was made for', async () => {
    const { fork } = await split()
    const late = await makeIntent(before, { deadline })
    const unsent = [late, await signIntent(before, late)] as const
    assert.equal((await fork.read.channelOf([channelId])).deposit, intent.amount)
    const lateId = await fork.read.channelIdOf([late])
    const signer: [Hex, Hex] = [lateId, sessionId(session.publicKey)]
    await refuses(fork.write.open(unsent), fork, 'SliceChannels_SignatureInvalid', signer)
    await channels.write.open(unsent)

    const voucher = { channelId, cumulative: 5n, tickRoot: channelId, tickValue: 0n, maxTicks: 0 }
    const signature = await signDigest(session, hashVoucher(before.domain, voucher))
    const claim = { descriptor, voucher, signature, tick: channelId, ticks: 0 }
    const renamed = await fork.read.channelIdOf([descriptor])
    await refuses(fork.write.claim([claim]), fork, 'SliceChannels_ChannelUnknown', [renamed])
    await channels.write.claim([claim])
    assert.equal((await channels.read.channelOf([channelId])).claimed, 5n)
  })

  it('computes its domain and ids anew, so that new channels work on both sides', async () => {
    const { fork } = await split()
    const domain = { chainId: OTHER_CHAIN, channels: fork.address }
    const again = { ...intent, amount: 7n }
    await fork.write.open([again, await signDigest(session, hashOpenIntent(domain, again))])
    const renamed = await fork.read.channelIdOf([descriptor])
    const order = { channelId: renamed, newDeposit: 9n, deadline: intent.deadline }
    await fork.write.topUp([descriptor, order, await signDigest(session, hashTopUp(domain, order))])
    assert.equal((await fork.read.channelOf([renamed])).deposit, 9n)
    assert.equal((await channels.read.channelOf([renamed])).deposit, 0n)
  })

  it('lets free escrow leave on the fork, and keeps what lies in channels on the chain of their ids', async () => {
    const { fork, forked } = await split()
    const account = before.payer.account
    const renamed = await fork.read.channelIdOf([descriptor])
    const request = fork.write.requestClose([descriptor], { account: account.address })
    await refuses(request, fork, 'SliceChannels_ChannelUnknown', [renamed])
    await fork.write.requestWithdraw([NATIVE, ETHER], { account: account.address })
    await forked.networkHelpers.time.increase(86_400n)
    await fork.write.withdraw([NATIVE], { account: account.address })
    assert.equal(await fork.read.balanceOf([getAddress(account.address), NATIVE]), 0n)
    const forkClient = await forked.viem.getPublicClient()
    assert.equal(await forkClient.getBalance({ address: fork.address }), intent.amount)
  })
})

describe('bug class: replay on the same chain', () => {
  it('opens an intent once and raises to an order once, whoever repeats them', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, stranger } = sluice
    await fund(sluice)
    const account = stranger.account
    const { intent, channelId, descriptor } = await openChannel(sluice, { amount: 300n })
    const opened = [intent, await signIntent(sluice, intent)] as const
    await refuses(channels.write.open(opened, { account }), channels, 'SliceChannels_ChannelExists', [channelId])
    const order = { channelId, newDeposit: 500n, deadline: (await now()) + 600n }
    const raised = [descriptor, order, await signTopUp(sluice, order)] as const
    await channels.write.topUp(raised, { account })
    await refuses(channels.write.topUp(raised, { account }), channels, 'SliceChannels_TopUpStale', [
      channelId,
      500n,
      500n,
    ])
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), ETHER - 500n)
  })
})
