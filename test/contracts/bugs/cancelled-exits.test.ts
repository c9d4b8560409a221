import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import { at, balancesChange, refuses, refusesWith } from '../support/assertions.ts'
import { CHALLENGE, farAhead, fund, openChannel, signTopUp } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now } from '../support/fixture.ts'

const { loadFixture } = networkHelpers
const DAY = 86_400n

async function exiting() {
  const sluice = await deploySluice()
  await fund(sluice, 1000n)
  const channel = await openChannel(sluice, { amount: 100n })
  const order = { channelId: channel.channelId, newDeposit: 200n, deadline: channel.intent.deadline }
  return { ...sluice, channel, order, signature: await signTopUp(sluice, order) }
}

describe('bug class: a third party that cancels an exit', () => {
  it('refuses a top-up, signed before, of a channel that is closing or closed', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, channel, order, signature, payer, payee, stranger } = sluice
    const { channelId, descriptor } = channel
    await channels.write.requestClose([descriptor], { account: payer.account })
    const closesAt = (await now()) + BigInt(CHALLENGE)
    const topUp = () => channels.write.topUp([descriptor, order, signature], { account: stranger.account })
    await refuses(topUp(), channels, 'SliceChannels_ChannelClosing', [channelId, closesAt])
    assert.deepEqual(await channels.read.channelOf([channelId]), {
      deposit: 100n,
      claimed: 0n,
      closesAt: Number(closesAt),
      challenge: CHALLENGE,
    })
    await channels.write.closeNow([descriptor], { account: payee.account })
    await refuses(topUp(), channels, 'SliceChannels_ChannelClosed', [channelId])
  })

  it('leaves an announced close to its payer: nobody else asks, and asking again moves nothing', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, channel, payer, payee, stranger } = sluice
    const { channelId, descriptor } = channel
    const owner = getAddress(payer.account.address)
    for (const { account } of [stranger, payee]) {
      const call = channels.write.requestClose([descriptor], { account })
      await refuses(call, channels, 'SliceChannels_NotPayer', [getAddress(account.address), owner])
    }
    await channels.write.requestClose([descriptor], { account: payer.account })
    const closesAt = (await now()) + BigInt(CHALLENGE)
    await networkHelpers.time.increase(60n)
    const again = channels.write.requestClose([descriptor], { account: payer.account })
    await refuses(again, channels, 'SliceChannels_ChannelClosing', [channelId, closesAt])
    await at(closesAt)
    await channels.write.finalizeClose([descriptor], { account: stranger.account })
  })

  it('leaves a withdrawal alone whatever others deposit, ask for or withdraw', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, payer, stranger } = sluice
    const [owner, account] = [payer.account, stranger.account]
    await channels.write.requestWithdraw([NATIVE, 900n], { account: owner })
    const request = [900n, (await now()) + DAY] as const
    await channels.write.depositFor([owner.address, NATIVE, 1n], { account, value: 1n })
    await channels.write.requestWithdraw([NATIVE, 1n], { account })
    await refusesWith(channels.write.withdraw([NATIVE], { account }), channels, 'SliceChannels_WithdrawTooEarly')
    assert.deepEqual(await channels.read.withdrawalOf([owner.address, NATIVE]), request)
    await at(request[1])
    const paid = channels.write.withdraw([NATIVE], { account: owner })
    await balancesChange(paid, [{ address: owner.address, amount: 900n }])
    assert.equal(await channels.read.balanceOf([owner.address, NATIVE]), 1n)
  })

  it('brings a gift to a closed-out wallet into no request that lapsed or was spent', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, payer, stranger } = sluice
    const account = payer.account
    await channels.write.requestWithdraw([NATIVE, 900n], { account })
    await networkHelpers.time.increase(DAY)
    await channels.write.withdraw([NATIVE], { account })
    await channels.write.depositFor([account.address, NATIVE, 5n], { account: stranger.account, value: 5n })
    const again = channels.write.withdraw([NATIVE], { account })
    await refuses(again, channels, 'SliceChannels_NoWithdrawal', [getAddress(account.address), NATIVE])
  })
})

describe('bug class: a top-up that shortens something', () => {
  it('changes the deposit of a channel and nothing else of it', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, channel, order, signature } = sluice
    const before = await channels.read.channelOf([channel.channelId])
    await channels.write.topUp([channel.descriptor, order, signature])
    assert.deepEqual(await channels.read.channelOf([channel.channelId]), { ...before, deposit: 200n })
  })

  it('changes no expiry, and neither does a deposit or a grant of somebody else', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, channel, order, signature, payer, stranger, session } = sluice
    const [owner, account] = [payer.account.address, stranger.account]
    const expiry = await channels.read.sessionExpiry([owner, session.publicKey])
    await channels.write.topUp([channel.descriptor, order, signature], { account })
    await channels.write.depositFor([owner, NATIVE, 1n], { account, value: 1n })
    await channels.write.authorize([session.publicKey, NATIVE, 0n, (await now()) + 60n], { account })
    await channels.write.revoke([session.publicKey], { account })
    assert.equal(await channels.read.sessionExpiry([owner, session.publicKey]), expiry)
    assert.deepEqual(await channels.read.grantOf([owner, session.publicKey, NATIVE]), {
      expiry,
      limit: 1000n,
      remaining: 800n,
    })
  })

  it('gives no payee more time than the challenge, however often the session is renewed', async () => {
    const sluice = await loadFixture(exiting)
    const { channels, channel, payer, session } = sluice
    const account = payer.account
    await channels.write.requestClose([channel.descriptor], { account })
    const closesAt = (await now()) + BigInt(CHALLENGE)
    await channels.write.authorize([session.publicKey, NATIVE, 1000n, await farAhead()], { account })
    await channels.write.revoke([session.publicKey], { account })
    await at(closesAt)
    await channels.write.finalizeClose([channel.descriptor])
    assert.equal(await channels.read.balanceOf([account.address, NATIVE]), 1000n)
  })
})
