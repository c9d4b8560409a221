import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import type { Hex } from 'viem'
import { at, balancesChange, emits, refuses } from '../support/assertions.ts'
import { ETHER, fund, openChannel } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now } from '../support/fixture.ts'
import { signPermit } from '../support/permit.ts'

const { loadFixture } = networkHelpers
const DAY = 86_400n
const MAX = 2n ** 96n - 1n

describe('Escrow', () => {
  it('takes the native coin, for oneself and for another wallet', async () => {
    const { channels, payer, stranger } = await loadFixture(deploySluice)
    const [to, from] = [getAddress(payer.account.address), getAddress(stranger.account.address)]
    await channels.write.deposit([NATIVE, 5n], { account: payer.account, value: 5n })
    const gift = channels.write.depositFor([to, NATIVE, 7n], { account: stranger.account, value: 7n })
    await emits(gift, channels, 'Deposited', [to, NATIVE, from, 7n])
    assert.equal(await channels.read.balanceOf([to, NATIVE]), 12n)
  })

  it('refuses a value that is not the amount', async () => {
    const { channels, token } = await loadFixture(deploySluice)
    const deposit = (amount: bigint, value: bigint, inToken = NATIVE) =>
      channels.write.deposit([inToken, amount], { value })
    await refuses(deposit(5n, 4n), channels, 'SliceChannels_ValueMismatch', [4n, 5n])
    await refuses(deposit(5n, 6n), channels, 'SliceChannels_ValueMismatch', [6n, 5n])
    await refuses(deposit(5n, 5n, token.address), channels, 'SliceChannels_ValueMismatch', [5n, 0n])
  })

  it('refuses zero and what a channel could not hold', async () => {
    const { channels, token } = await loadFixture(deploySluice)
    await refuses(channels.write.deposit([NATIVE, 0n]), channels, 'SliceChannels_AmountZero', [])
    await refuses(channels.write.deposit([token.address, MAX + 1n]), channels, 'SliceChannels_AmountTooLarge', [
      MAX + 1n,
      MAX,
    ])
    await refuses(channels.write.requestWithdraw([NATIVE, 0n]), channels, 'SliceChannels_AmountZero', [])
    await refuses(channels.write.requestWithdraw([NATIVE, MAX + 1n]), channels, 'SliceChannels_AmountTooLarge', [
      MAX + 1n,
      MAX,
    ])
  })

  it('takes the largest amount of an ERC-20 by allowance', async () => {
    const { channels, token, payer } = await loadFixture(deploySluice)
    const account = payer.account
    await token.write.mint([account.address, MAX])
    await token.write.approve([channels.address, MAX], { account })
    await channels.write.deposit([token.address, MAX], { account })
    assert.equal(await channels.read.balanceOf([account.address, token.address]), MAX)
    assert.equal(await token.read.balanceOf([channels.address]), MAX)
  })

  it('takes an ERC-20 by permit, also by one that somebody used first', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer, stranger } = sluice
    const account = payer.account
    await token.write.mint([account.address, 20n])
    const permit = await signPermit(sluice, channels.address, 10n)
    const { deadline, v, r, s } = permit
    await token.write.permit([account.address, channels.address, 10n, deadline, v, r, s], { account: stranger.account })
    await channels.write.depositWithPermit([token.address, 10n, deadline, v, r, s], { account })
    assert.equal(await channels.read.balanceOf([account.address, token.address]), 10n)

    const next = await signPermit(sluice, channels.address, 5n)
    const session = sluice.session.publicKey
    const expiry = (await now()) + DAY
    await channels.write.depositAndAuthorizeWithPermit(
      [token.address, 5n, session, 5n, expiry, next.deadline, next.v, next.r, next.s],
      { account },
    )
    assert.equal(await channels.read.balanceOf([account.address, token.address]), 15n)
    assert.equal((await channels.read.grantOf([account.address, session, token.address])).remaining, 5n)
  })

  it('fails with the token’s own error where a permit is forged and no allowance is there', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer } = sluice
    await token.write.mint([payer.account.address, 10n])
    const { deadline, v, s } = await signPermit(sluice, channels.address, 10n)
    const forged = channels.write.depositWithPermit([token.address, 10n, deadline, v, s, s], { account: payer.account })
    await refuses(forged, token, 'ERC20InsufficientAllowance', [getAddress(channels.address), 0n, 10n])
  })

  it('pays a withdrawal from exactly a day after the request on', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer } = sluice
    const account = payer.account
    await fund(sluice)
    const request = channels.write.requestWithdraw([NATIVE, 100n], { account })
    await request
    const availableAt = (await now()) + (await channels.read.WITHDRAW_DELAY())
    assert.equal(availableAt, (await now()) + DAY)
    const expiresAt = availableAt + (await channels.read.WITHDRAW_WINDOW())
    const args: [Hex, Hex, bigint, bigint, bigint] = [getAddress(account.address), NATIVE, 100n, availableAt, expiresAt]
    await emits(request, channels, 'WithdrawRequested', args)
    assert.deepEqual(await channels.read.withdrawalOf([account.address, NATIVE]), [100n, availableAt])

    await at(availableAt - 1n)
    await refuses(channels.write.withdraw([NATIVE], { account }), channels, 'SliceChannels_WithdrawTooEarly', [
      availableAt - 1n,
      availableAt,
    ])
    await at(availableAt)
    await balancesChange(channels.write.withdraw([NATIVE], { account }), [{ address: account.address, amount: 100n }])
    assert.equal(await channels.read.balanceOf([account.address, NATIVE]), ETHER - 100n)
    await refuses(channels.write.withdraw([NATIVE], { account }), channels, 'SliceChannels_NoWithdrawal', [
      getAddress(account.address),
      NATIVE,
    ])
  })

  it('lets a request lapse a week after it ripened, and the next one ripen anew', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer } = sluice
    const account = payer.account
    await fund(sluice)
    await channels.write.requestWithdraw([NATIVE, 100n], { account })
    const expiresAt = (await now()) + DAY + (await channels.read.WITHDRAW_WINDOW())
    await at(expiresAt)
    await refuses(channels.write.withdraw([NATIVE], { account }), channels, 'SliceChannels_WithdrawTooLate', [
      expiresAt,
      expiresAt,
    ])
    await networkHelpers.time.increaseTo(expiresAt + 1n)
    assert.deepEqual(await channels.read.withdrawalOf([account.address, NATIVE]), [0n, 0n])
    await channels.write.requestWithdraw([NATIVE, 70n], { account })
    await at((await now()) + DAY + 7n * DAY - 1n)
    await balancesChange(channels.write.withdraw([NATIVE], { account }), [{ address: account.address, amount: 70n }])
  })

  it('starts the delay anew when a request is replaced', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer } = sluice
    const account = payer.account
    await fund(sluice)
    await channels.write.requestWithdraw([NATIVE, 100n], { account })
    const first = (await now()) + DAY
    await at(first - 10n)
    await channels.write.requestWithdraw([NATIVE, 5n], { account })
    await at(first)
    await refuses(channels.write.withdraw([NATIVE], { account }), channels, 'SliceChannels_WithdrawTooEarly', [
      first,
      first - 10n + DAY,
    ])
  })

  it('pays what is left where opens drew in the meantime, nothing included', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer } = sluice
    const account = payer.account
    await fund(sluice)
    await channels.write.requestWithdraw([NATIVE, ETHER], { account })
    await openChannel(sluice, { amount: ETHER - 3n })
    await networkHelpers.time.increase(DAY)
    await balancesChange(channels.write.withdraw([NATIVE], { account }), [{ address: account.address, amount: 3n }])

    await channels.write.requestWithdraw([NATIVE, ETHER], { account })
    await networkHelpers.time.increase(DAY)
    const nothing = channels.write.withdraw([NATIVE], { account })
    await emits(nothing, channels, 'Withdrawn', [getAddress(account.address), NATIVE, 0n])
  })

  it('takes no coin that comes without a call', async () => {
    const { channels, payer } = await loadFixture(deploySluice)
    await assert.rejects(payer.sendTransaction({ to: channels.address, value: 1n }))
  })
})
