import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { encodeFunctionData, getAddress } from 'viem'
import type { Hex } from 'viem'
import { at, emits, refuses } from '../support/assertions.ts'
import { farAhead, fund, makeClaim, makeIntent, openChannel, packClaim } from '../support/channels.ts'
import { descriptorOf, signIntent, signTopUp } from '../support/channels.ts'
import { deploySluice, deploySluiceOn, NATIVE, networkHelpers, now, viem } from '../support/fixture.ts'

const { loadFixture } = networkHelpers
const MAX = 2n ** 96n - 1n
const CLOSED = 2n ** 40n - 1n
const LONGEST = 2 ** 24 - 1

/** A channel with every field as large as it gets: the whole of uint96 in it, the longest challenge, and closing. */
async function fullChannel() {
  const sluice = await deploySluice()
  const { channels, payer, token } = sluice
  await fund(sluice, MAX, token.address)
  const channel = await openChannel(sluice, { token: token.address, amount: MAX, challenge: LONGEST })
  await channels.write.requestClose([channel.descriptor], { account: payer.account })
  const closesAt = (await now()) + BigInt(LONGEST)
  return { ...sluice, channel, closesAt, payeeAddress: getAddress(sluice.payee.account.address) }
}

describe('bug class: field edges of the channel’s word', () => {
  it('holds 2^96−1 of deposit and of claimed beside a closing time and the longest challenge', async () => {
    const sluice = await loadFixture(fullChannel)
    const { channels, channel, closesAt, token, payeeAddress } = sluice
    const { channelId } = channel
    const steps = [1n, 2n ** 95n, MAX - 1n, MAX]
    for (const [index, cumulative] of steps.entries()) {
      const claim = await makeClaim(sluice, channel, { cumulative })
      if (index % 2 === 0) await channels.write.claim([claim])
      else await channels.write.claimBatch([payeeAddress, token.address, [packClaim(claim)]])
      assert.deepEqual(await channels.read.channelOf([channelId]), {
        deposit: MAX,
        claimed: cumulative,
        closesAt: Number(closesAt),
        challenge: LONGEST,
      })
    }
    assert.equal(await token.read.balanceOf([payeeAddress]), MAX)
    await at(closesAt)
    await emits(channels.write.finalizeClose([channel.descriptor]), channels, 'ChannelClosed', [channelId, MAX, 0n])
    assert.equal((await channels.read.channelOf([channelId])).challenge, LONGEST)
  })

  it('adds nothing where claimed is at the deposit, however much more is promised', async () => {
    const sluice = await loadFixture(fullChannel)
    const { channels, channel, token, payeeAddress } = sluice
    const most = { cumulative: MAX, tickValue: MAX, maxTicks: 1024, ticks: 1024 }
    const claim = await makeClaim(sluice, channel, most)
    await channels.write.claimBatch([payeeAddress, token.address, [packClaim(claim)]])
    const word = await channels.read.channelOf([channel.channelId])
    assert.equal(word.claimed, MAX)
    await channels.write.claimBatch([payeeAddress, token.address, [packClaim(claim)]])
    const spent = [channel.channelId, MAX + 1024n * MAX, MAX] as const
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_DepositSpent', [...spent])
    assert.deepEqual(await channels.read.channelOf([channel.channelId]), word)
    assert.equal(await token.read.balanceOf([payeeAddress]), MAX)
  })

  it('refuses what lies one above an amount’s field', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer } = sluice
    await fund(sluice, MAX, token.address)
    const tooLarge = [MAX + 1n, MAX] as const
    const intent = await makeIntent(sluice, { token: token.address, amount: MAX + 1n })
    const open = channels.write.open([intent, await signIntent(sluice, intent)])
    await refuses(open, channels, 'SliceChannels_AmountTooLarge', [...tooLarge])
    const channel = await openChannel(sluice, { token: token.address, amount: 1n })
    for (const change of [{ cumulative: MAX + 1n }, { tickValue: MAX + 1n }]) {
      const claim = await makeClaim(sluice, channel, change)
      await refuses(channels.write.claim([claim]), channels, 'SliceChannels_AmountTooLarge', [...tooLarge])
    }
    const raise = async (newDeposit: bigint) => {
      const order = { channelId: channel.channelId, newDeposit, deadline: channel.intent.deadline }
      return channels.write.topUp([channel.descriptor, order, await signTopUp(sluice, order)])
    }
    await refuses(raise(MAX + 1n), channels, 'SliceChannels_AmountTooLarge', [...tooLarge])
    await raise(MAX)
    await refuses(raise(MAX), channels, 'SliceChannels_TopUpStale', [channel.channelId, MAX, MAX])
    assert.equal(await channels.read.balanceOf([payer.account.address, token.address]), 0n)
  })

  it('keeps escrow beyond 2^96, which many refunds can add up to, and lets it leave in parts', async () => {
    const sluice = await loadFixture(fullChannel)
    const { channels, channel, token, payer, payee, session } = sluice
    const account = payer.account
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    await fund(sluice, MAX, token.address)
    assert.equal(await channels.read.balanceOf([account.address, token.address]), 2n * MAX)
    assert.equal((await channels.read.grantOf([account.address, session.publicKey, token.address])).remaining, MAX)
    for (const left of [MAX, 0n]) {
      await channels.write.requestWithdraw([token.address, MAX], { account })
      await networkHelpers.time.increase(86_400n)
      await channels.write.withdraw([token.address], { account })
      assert.equal(await channels.read.balanceOf([account.address, token.address]), left)
    }
  })

  it('restores the largest allowance to exactly its limit', async () => {
    const sluice = await loadFixture(fullChannel)
    const { channels, channel, token, payer, payee, session } = sluice
    const grant = () => channels.read.grantOf([payer.account.address, session.publicKey, token.address])
    assert.deepEqual([(await grant()).limit, (await grant()).remaining], [MAX, 0n])
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    assert.equal((await grant()).remaining, MAX)
  })

  it('takes no challenge, limit or expiry that is wider than its type', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, session } = sluice
    await fund(sluice)
    const intent = await makeIntent(sluice, { challenge: LONGEST, amount: 5n })
    const open = encodeFunctionData({
      abi: channels.abi,
      functionName: 'open',
      args: [intent, await signIntent(sluice, intent)],
    })
    const authorize = encodeFunctionData({
      abi: channels.abi,
      functionName: 'authorize',
      args: [session.publicKey, NATIVE, MAX, await farAhead()],
    })
    for (const data of [widened(open, 4, 24), widened(authorize, 3, 96), widened(authorize, 4, 64)]) {
      await assert.rejects(payer.sendTransaction({ to: channels.address, data }), /reverted/)
    }
    await payer.sendTransaction({ to: channels.address, data: open })
  })

  it('sets and reads every field through neighbours of all ones and all zeroes', async () => {
    const harness = await loadFixture(deployHarness)
    const ones = { deposit: MAX, claimed: MAX, closesAt: Number(CLOSED), challenge: LONGEST }
    const zeroes = { deposit: 0n, claimed: 0n, closesAt: 0, challenge: 0 }
    assert.equal(await harness.read.pack([ones]), 2n ** 256n - 1n)
    for (const field of ['deposit', 'claimed', 'closesAt', 'challenge'] as const) {
      for (const channel of [
        { ...zeroes, [field]: ones[field] },
        { ...ones, [field]: zeroes[field] },
      ]) {
        assert.deepEqual(await harness.read.unpack([await harness.read.pack([channel])]), channel)
      }
    }
    const before = await harness.read.pack([{ ...ones, claimed: 1n }])
    assert.deepEqual(await harness.read.unpack([await harness.read.addClaimed([before, MAX - 1n])]), ones)
  })
})

describe('bug class: the end of the channel’s clock, in the year 36812', () => {
  /** A channel of which `requestClose` in the next block would name exactly `closesAt`. */
  async function closingAt(closesAt: bigint) {
    const connection = await network.create()
    const sluice = await deploySluiceOn(connection)
    const { channels, payer, session } = sluice
    const grant = [NATIVE, 1000n, session.publicKey, 1000n, CLOSED] as const
    await channels.write.depositAndAuthorize(grant, { account: payer.account, value: 1000n })
    const deadline = BigInt(await connection.networkHelpers.time.latest()) + 600n
    const intent = await makeIntent(sluice, { amount: 1000n, challenge: 60, deadline })
    await channels.write.open([intent, await signIntent(sluice, intent)])
    const descriptor = descriptorOf(intent)
    const channelId = await channels.read.channelIdOf([descriptor])
    const { time } = connection.networkHelpers
    await time.setNextBlockTimestamp(closesAt - 60n)
    const request = () => channels.write.requestClose([descriptor], { account: payer.account })
    return { ...sluice, time, descriptor, channelId, request }
  }

  it('finalises a channel that closes in the last second', async () => {
    const { channels, payer, time, descriptor, channelId, request } = await closingAt(CLOSED - 1n)
    await request()
    assert.equal(BigInt((await channels.read.channelOf([channelId])).closesAt), CLOSED - 1n)
    await time.setNextBlockTimestamp(CLOSED - 1n)
    await channels.write.finalizeClose([descriptor])
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), 1000n)
  })

  for (const beyond of [0n, 1n, 59n]) {
    it(`refuses to close ${beyond} after it, which would read as closed or as long past, and loses nothing`, async () => {
      const { channels, payee, payer, descriptor, channelId, request } = await closingAt(CLOSED + beyond)
      await refuses(request(), channels, 'SliceChannels_CloseTooFar', [CLOSED + beyond, CLOSED - 1n])
      assert.equal((await channels.read.channelOf([channelId])).closesAt, 0)
      await channels.write.closeNow([descriptor], { account: payee.account })
      assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), 1000n)
    })
  }
})

const deployHarness = () => viem.deployContract('LibraryHarness')

/** The call's data with one bit more in its n-th word than a type of so many bits has. */
function widened(data: Hex, index: number, bits: number): Hex {
  const start = 10 + 64 * index
  const word = BigInt(`0x${data.slice(start, start + 64)}`) | (1n << BigInt(bits))
  return `${data.slice(0, start)}${word.toString(16).padStart(64, '0')}${data.slice(start + 64)}` as Hex
}
