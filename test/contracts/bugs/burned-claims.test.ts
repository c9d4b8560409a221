import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import { balancesChange, emits, refuses } from '../support/assertions.ts'
import { fund, makeClaim, openChannel, packClaim, signTopUp } from '../support/channels.ts'
import type { OpenedChannel } from '../support/channels.ts'
import { NATIVE, networkHelpers, now } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'
import { deployHostile, fundIn } from '../support/hostile.ts'

const { loadFixture } = networkHelpers
const MAX = 2n ** 96n - 1n

async function openedChannel() {
  const sluice = await deployHostile()
  await fund(sluice)
  const channel = await openChannel(sluice, { amount: 1000n })
  return { ...sluice, channel, payeeAddress: getAddress(sluice.payee.account.address) }
}

async function raise(sluice: Sluice, { channelId, descriptor }: OpenedChannel, newDeposit: bigint) {
  const order = { channelId, newDeposit, deadline: (await now()) + 60n }
  return sluice.channels.write.topUp([descriptor, order, await signTopUp(sluice, order)])
}

describe('bug class: a claim that burns where the pot is short', () => {
  it('leaves what a top-up brings later redeemable by the same voucher, each time', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress } = sluice
    const claim = await makeClaim(sluice, channel, { cumulative: 1500n })
    await channels.write.claim([claim])
    await raise(sluice, channel, 1400n)
    await emits(channels.write.claim([claim]), channels, 'Claimed', [channel.channelId, payeeAddress, 400n, 1400n])
    await raise(sluice, channel, 2000n)
    const batch = channels.write.claimBatch([payeeAddress, NATIVE, [packClaim(claim)]])
    await balancesChange(batch, [{ address: payeeAddress, amount: 100n }])
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 1500n)
  })

  it('leaves a claim redeemable where the token refuses for a while', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, silent, payee, payeeAddress } = sluice
    await fundIn(sluice, silent.address, 1000n)
    const channel = await openChannel(sluice, { token: silent.address, amount: 600n })
    const claim = await makeClaim(sluice, channel, { cumulative: 500n })
    await silent.write.freeze([true])
    for (const call of [
      () => channels.write.claim([claim]),
      () => channels.write.claimBatch([payeeAddress, silent.address, [packClaim(claim)]]),
      () => channels.write.claimAndClose([claim], { account: payee.account }),
    ]) {
      const failed = [getAddress(silent.address), payeeAddress, 500n] as const
      await refuses(call(), channels, 'SliceChannels_TransferFailed', [...failed])
    }
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 0n)
    await silent.write.freeze([false])
    await channels.write.claim([claim])
    assert.equal(await silent.read.balanceOf([payeeAddress]), 500n)
  })

  it('leaves a claim redeemable where the payee refuses for a while', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, wallet, client } = sluice
    await wallet.write.refuse([true])
    const channel = await openChannel(sluice, { payee: wallet.address, amount: 600n })
    const claim = await makeClaim(sluice, channel, { cumulative: 500n })
    const failed = [NATIVE, getAddress(wallet.address), 500n] as const
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_TransferFailed', [...failed])
    await wallet.write.refuse([false])
    await channels.write.claim([claim])
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 500n)
    assert.equal(await client.getBalance({ address: wallet.address }), 500n)
  })
})

describe('bug class: a voucher above the deposit that locks the payee', () => {
  it('pays what is there, whichever way it is claimed', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payee, payeeAddress } = sluice
    const beyond = { cumulative: MAX, tickValue: MAX, maxTicks: 2, ticks: 2 }
    const single = channels.write.claim([await makeClaim(sluice, channel, beyond)])
    await emits(single, channels, 'Claimed', [channel.channelId, payeeAddress, 1000n, 1000n])

    const second = await openChannel(sluice, { amount: 700n })
    const packed = packClaim(await makeClaim(sluice, second, beyond))
    const batch = channels.write.claimBatch([payeeAddress, NATIVE, [packed]])
    await balancesChange(batch, [{ address: payeeAddress, amount: 700n }])

    const third = await openChannel(sluice, { amount: 600n })
    const last = await makeClaim(sluice, third, beyond)
    const close = channels.write.claimAndClose([last], { account: payee.account })
    await emits(close, channels, 'ChannelClosed', [third.channelId, 600n, 0n])
  })

  it('records what was paid and not what was promised, so that a smaller voucher adds later', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress } = sluice
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: MAX })])
    await raise(sluice, channel, 1400n)
    const smaller = channels.write.claim([await makeClaim(sluice, channel, { cumulative: 1100n })])
    await emits(smaller, channels, 'Claimed', [channel.channelId, payeeAddress, 100n, 1100n])
  })

  it('is paid in the challenge window too, and holds up no exit', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payer, payeeAddress } = sluice
    await channels.write.requestClose([channel.descriptor], { account: payer.account })
    const claim = channels.write.claim([await makeClaim(sluice, channel, { cumulative: MAX })])
    await emits(claim, channels, 'Claimed', [channel.channelId, payeeAddress, 1000n, 1000n])
    await networkHelpers.time.increase(channel.intent.challenge)
    const close = channels.write.finalizeClose([channel.descriptor])
    await emits(close, channels, 'ChannelClosed', [channel.channelId, 1000n, 0n])
  })
})
