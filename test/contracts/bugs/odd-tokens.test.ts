import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import type { Address } from 'viem'
import { refuses } from '../support/assertions.ts'
import { fund, makeClaim, openChannel } from '../support/channels.ts'
import { NATIVE, networkHelpers } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'
import { deployHostile, fundIn, HOLDINGS } from '../support/hostile.ts'
import { createEdition, publish } from '../support/keys.ts'

const { loadFixture } = networkHelpers
const DAY = 86_400n

async function editionIn(sluice: Sluice, token: Address, price = 1000n) {
  const { contentId } = await publish(sluice)
  const { editionId } = await createEdition(sluice, contentId, { token, price })
  const { account } = sluice.payer
  return () => sluice.keys.write.buy([editionId, 1n, account.address, NATIVE, price, 1], { account })
}

/** The wallet asks for all of its escrow and takes it a day later. */
async function leave({ channels }: Sluice, account: Sluice['payer']['account'], token: Address) {
  await channels.write.requestWithdraw([token, 2n ** 96n - 1n], { account })
  await networkHelpers.time.increase(DAY)
  return channels.write.withdraw([token], { account })
}

describe('bug class: tokens that take a fee', () => {
  it('are refused, as deposit and as price', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, keys, fee, payer, stranger } = sluice
    const account = payer.account
    const token = getAddress(fee.address)
    for (const deposit of [
      () => channels.write.deposit([token, 1000n], { account }),
      () => channels.write.depositFor([stranger.account.address, token, 1000n], { account }),
    ]) {
      await refuses(deposit(), channels, 'SliceChannels_FeeOnTransfer', [token, 990n, 1000n])
    }
    const buy = await editionIn(sluice, token)
    await refuses(buy(), keys, 'Credits_FeeOnTransfer', [token, 990n, 1000n])
  })
})

describe('bug class: tokens that return nothing', () => {
  it('go in and out like any other', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, keys, silent, payer, payee, creator } = sluice
    await fundIn(sluice, silent.address, 1000n)
    const channel = await openChannel(sluice, { token: silent.address, amount: 600n })
    await channels.write.claimAndClose([await makeClaim(sluice, channel, { cumulative: 500n })], {
      account: payee.account,
    })
    await leave(sluice, payer.account, silent.address)
    const buy = await editionIn(sluice, silent.address)
    await buy()
    await keys.write.withdraw([silent.address], { account: creator.account })
    const holders = [payee, payer, creator].map(({ account }) => account.address)
    const balances = await Promise.all(holders.map((holder) => silent.read.balanceOf([holder])))
    assert.deepEqual(balances, [500n, HOLDINGS - 1500n, 1000n])
  })
})

describe('bug class: tokens that answer false', () => {
  it('credit nothing on the way in', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, keys, lying, payer } = sluice
    const account = payer.account
    await lying.write.refuse([true])
    const deposit = channels.write.deposit([lying.address, 1000n], { account })
    await refuses(deposit, channels, 'SafeERC20FailedOperation', [getAddress(lying.address)])
    const buy = await editionIn(sluice, lying.address)
    await refuses(buy(), keys, 'SafeERC20FailedOperation', [getAddress(lying.address)])
    assert.equal(await channels.read.balanceOf([account.address, lying.address]), 0n)
  })

  it('spend nothing on the way out', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, keys, lying, payee, creator } = sluice
    const token = getAddress(lying.address)
    await fundIn(sluice, token, 1000n)
    const channel = await openChannel(sluice, { token, amount: 600n })
    const claim = await makeClaim(sluice, channel, { cumulative: 500n })
    const buy = await editionIn(sluice, token)
    await buy()
    await lying.write.refuse([true])
    const [to, seller] = [payee, creator].map(({ account }) => getAddress(account.address))
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_TransferFailed', [token, to!, 500n])
    const withdraw = () => keys.write.withdraw([token], { account: creator.account })
    await refuses(withdraw(), keys, 'Credits_TransferFailed', [token, seller!, 1000n])
    await lying.write.refuse([false])
    await channels.write.claim([claim])
    await withdraw()
    assert.deepEqual([await lying.read.balanceOf([to!]), await lying.read.balanceOf([seller!])], [500n, 1000n])
  })
})

describe('bug class: tokens without code', () => {
  it('credit nothing, although a call to them succeeds', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, payer, stranger } = sluice
    const account = payer.account
    const nobody = stranger.account.address
    for (const call of [
      () => channels.write.deposit([nobody, 1000n], { account }),
      () => channels.write.depositFor([nobody, nobody, 1000n], { account }),
      () =>
        channels.write.depositWithPermit([nobody, 1000n, 0n, 27, `0x${'11'.repeat(32)}`, `0x${'11'.repeat(32)}`], {
          account,
        }),
      await editionIn(sluice, nobody),
    ]) {
      await assert.rejects(call(), /reverted(?: without a reason|: function returned an unexpected amount of data)/)
    }
    assert.equal(await channels.read.balanceOf([account.address, nobody]), 0n)
  })
})

describe('bug class: tokens that rebase', () => {
  async function rebased(percent: bigint) {
    const sluice = await deployHostile()
    const { channels, rebasing, stranger } = sluice
    const token = rebasing.address
    const account = stranger.account
    await fund(sluice)
    await fundIn(sluice, token, 1000n)
    const channel = await openChannel(sluice, { token, amount: 600n })
    await rebasing.write.mint([account.address, 1000n])
    await rebasing.write.approve([channels.address, 1000n], { account })
    await channels.write.deposit([token, 1000n], { account })
    await rebasing.write.rebase([percent])
    return { ...sluice, inToken: token, channel }
  }
  const grown = () => rebased(200n)
  const shrunk = () => rebased(50n)

  it('upwards leave a surplus that belongs to nobody, and that nobody can take', async () => {
    const sluice = await loadFixture(grown)
    const { channels, rebasing, payer, payee, stranger, inToken, channel } = sluice
    assert.equal(await rebasing.read.balanceOf([channels.address]), 4000n)
    const beyond = await makeClaim(sluice, channel, { cumulative: 4000n })
    await channels.write.claimAndClose([beyond], { account: payee.account })
    await leave(sluice, payer.account, inToken)
    await leave(sluice, stranger.account, inToken)
    assert.equal(await rebasing.read.balanceOf([payee.account.address]), 600n)
    assert.equal(await rebasing.read.balanceOf([stranger.account.address]), 1000n)
    assert.equal(await rebasing.read.balanceOf([channels.address]), 2000n)
    for (const { account } of [payer, stranger, payee]) {
      assert.equal(await channels.read.balanceOf([account.address, inToken]), 0n)
    }
  })

  it('downwards leave those short who come last, in that token alone', async () => {
    const sluice = await loadFixture(shrunk)
    const { channels, rebasing, payer, payee, stranger, inToken, channel } = sluice
    assert.equal(await rebasing.read.balanceOf([channels.address]), 1000n)
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 600n })])
    await leave(sluice, payer.account, inToken)
    assert.equal(await rebasing.read.balanceOf([payee.account.address]), 600n)
    const last = getAddress(stranger.account.address)
    const short = [getAddress(inToken), last, 1000n] as const
    await refuses(leave(sluice, stranger.account, inToken), channels, 'SliceChannels_TransferFailed', [...short])
    assert.equal(await channels.read.balanceOf([last, inToken]), 1000n)
    await leave(sluice, payer.account, NATIVE)
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), 0n)
  })
})
