import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { balancesChange, refuses, refusesWith } from '../support/assertions.ts'
import { ETHER, farAhead, fund, makeClaim, makeIntent, openChannel, packClaim } from '../support/channels.ts'
import { signIntent, signTopUp } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'

const { loadFixture } = networkHelpers

async function funded() {
  const sluice = await deploySluice()
  await fund(sluice)
  return { ...sluice, channel: await openChannel(sluice, { amount: 1000n }) }
}

/** All that a call without effect must leave as it is. */
async function stateOf({ channels, payer, session }: Sluice, channelId: `0x${string}`) {
  const owner = payer.account.address
  return Promise.all([
    channels.read.channelOf([channelId]),
    channels.read.balanceOf([owner, NATIVE]),
    channels.read.grantOf([owner, session.publicKey, NATIVE]),
    channels.read.withdrawalOf([owner, NATIVE]),
  ])
}

describe('bug class: calls without effect that spend something', () => {
  it('a claim that somebody submitted first: the payee is paid once, and its batch goes through', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, payee, stranger } = sluice
    const to = payee.account.address
    const claim = await makeClaim(sluice, channel, { cumulative: 300n })
    const first = channels.write.claim([claim], { account: stranger.account })
    await balancesChange(first, [{ address: to, amount: 300n }])
    const before = await stateOf(sluice, channel.channelId)
    const stale = [channel.channelId, 300n, 300n] as const
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_VoucherStale', [...stale])
    await balancesChange(channels.write.claimBatch([to, NATIVE, [packClaim(claim)]]), [{ address: to, amount: 0n }])
    await channels.write.claimBatch([to, NATIVE, []])
    assert.deepEqual(await stateOf(sluice, channel.channelId), before)
  })

  it('an older voucher than the last one: it takes nothing back', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, payee } = sluice
    const older = await makeClaim(sluice, channel, { cumulative: 100n, tickValue: 10n, maxTicks: 9, ticks: 3 })
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 300n })])
    const before = await stateOf(sluice, channel.channelId)
    await refusesWith(channels.write.claim([older]), channels, 'SliceChannels_VoucherStale')
    await channels.write.claimBatch([payee.account.address, NATIVE, [packClaim(older)]])
    assert.deepEqual(await stateOf(sluice, channel.channelId), before)
  })

  it('a top-up again, or a lower one: neither escrow nor allowance is drawn', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels } = sluice
    const { channelId, descriptor, intent } = channel
    const signed = async (newDeposit: bigint) => {
      const order = { channelId, newDeposit, deadline: intent.deadline }
      return [descriptor, order, await signTopUp(sluice, order)] as const
    }
    const [lower, higher] = [await signed(1500n), await signed(2000n)]
    await channels.write.topUp(higher)
    const before = await stateOf(sluice, channelId)
    for (const order of [higher, lower, await signed(1000n)]) {
      await refusesWith(channels.write.topUp(order), channels, 'SliceChannels_TopUpStale')
    }
    assert.deepEqual(await stateOf(sluice, channelId), before)
  })

  it('an intent that failed: its id is not spent, and it opens once there is escrow', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, session } = sluice
    const account = payer.account
    await channels.write.authorize([session.publicKey, NATIVE, ETHER, await farAhead()], { account })
    const intent = await makeIntent(sluice)
    const signed = [intent, await signIntent(sluice, intent)] as const
    await refusesWith(channels.write.open(signed), channels, 'SliceChannels_InsufficientEscrow')
    const grant = await channels.read.grantOf([account.address, session.publicKey, NATIVE])
    assert.equal(grant.remaining, ETHER)
    await channels.write.deposit([NATIVE, intent.amount], { account, value: intent.amount })
    await channels.write.open(signed)
  })

  it('an intent that somebody opened first: it is skipped in a batch, and the others open', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, stranger } = sluice
    const intents = [await makeIntent(sluice, { amount: 5n }), await makeIntent(sluice, { amount: 6n })] as const
    const signatures = [await signIntent(sluice, intents[0]), await signIntent(sluice, intents[1])] as const
    await channels.write.open([intents[0], signatures[0]], { account: stranger.account })
    const before = await stateOf(sluice, channel.channelId)
    await channels.write.openBatch([intents.slice(0, 1), signatures.slice(0, 1)])
    assert.deepEqual(await stateOf(sluice, channel.channelId), before)
    await channels.write.openBatch([intents, signatures])
    const second = await channels.read.channelIdOf([intents[1]])
    assert.equal((await channels.read.channelOf([second])).deposit, 6n)
  })

  it('a revocation again, or of a session never granted: it fails nothing, and a new grant counts in full', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, payer, stranger, session } = sluice
    const key = session.publicKey
    const granted = await stateOf(sluice, channel.channelId)
    await channels.write.revoke([key], { account: stranger.account })
    assert.deepEqual(await stateOf(sluice, channel.channelId), granted)
    for (let round = 0; round < 3; round++) await channels.write.revoke([key], { account: payer.account })
    assert.equal(await channels.read.sessionExpiry([payer.account.address, key]), 0n)
    await channels.write.authorize([key, NATIVE, 500n, await farAhead()], { account: payer.account })
    const grant = await channels.read.grantOf([payer.account.address, key, NATIVE])
    assert.deepEqual([grant.limit, grant.remaining], [500n, 500n])
    await openChannel(sluice, { amount: 500n })
  })

  it('a close asked for again: the window neither restarts nor ends', async () => {
    const { channel, ...sluice } = await loadFixture(funded)
    const { channels, payer } = sluice
    const { account } = payer
    await channels.write.requestClose([channel.descriptor], { account })
    const before = await stateOf(sluice, channel.channelId)
    await networkHelpers.time.increase(600)
    const again = channels.write.requestClose([channel.descriptor], { account })
    await refusesWith(again, channels, 'SliceChannels_ChannelClosing')
    await refusesWith(channels.write.finalizeClose([channel.descriptor]), channels, 'SliceChannels_CloseTooEarly')
    assert.deepEqual(await stateOf(sluice, channel.channelId), before)
  })
})
