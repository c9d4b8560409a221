import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { concat, getContractAddress } from 'viem'
import type { Address } from 'viem'
import { balancesChange, refusesWith } from '../support/assertions.ts'
import { ETHER, fund, makeClaim, openChannel } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, viem } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'
import { createEdition, publish } from '../support/keys.ts'
import { register, WEEK } from '../support/nodes.ts'

const { loadFixture } = networkHelpers
const FORCED = 12_345n
const STAKE = 700n
const PRICE = 100n

/** Escrow, an open channel, a stake and a credit: something of everyone's in every contract that holds coin. */
async function funded() {
  const sluice = await deploySluice()
  const { keys, nodes, payer, creator } = sluice
  await fund(sluice)
  const channel = await openChannel(sluice, { amount: 1000n })
  await register(sluice, creator.account)
  await nodes.write.addStake({ account: creator.account, value: STAKE })
  const { contentId } = await publish(sluice)
  const { editionId } = await createEdition(sluice, contentId, { price: PRICE })
  const { account } = payer
  await keys.write.buy([editionId, 1n, account.address, NATIVE, PRICE, 1], { account, value: PRICE })
  return { ...sluice, channel }
}

/** A contract whose constructor destroys itself in favour of `to`: the one push that no fallback can refuse. */
function selfdestructTo({ stranger }: Sluice, to: Address) {
  return stranger.sendTransaction({ data: concat(['0x73', to, '0xff']), value: FORCED })
}

/** Every way out, one after the other, each for exactly what belongs to whoever takes it. */
async function everybodyLeaves(sluice: Awaited<ReturnType<typeof funded>>) {
  const { channels, keys, nodes, payer, payee, creator, channel } = sluice
  const claim = await makeClaim(sluice, channel, { cumulative: 2n ** 96n - 1n })
  const paid = channels.write.claimAndClose([claim], { account: payee.account })
  await balancesChange(paid, [{ address: payee.account.address, amount: 1000n }])
  await channels.write.requestWithdraw([NATIVE, 2n ** 96n - 1n], { account: payer.account })
  await nodes.write.requestUnstake([2n ** 96n - 1n], { account: creator.account })
  await networkHelpers.time.increase(86_400n)
  const back = channels.write.withdraw([NATIVE], { account: payer.account })
  await balancesChange(back, [{ address: payer.account.address, amount: ETHER - 1000n }])
  const credit = keys.write.withdraw([NATIVE], { account: creator.account })
  await balancesChange(credit, [{ address: creator.account.address, amount: PRICE }])
  await networkHelpers.time.increase(WEEK)
  const stake = nodes.write.unstake({ account: creator.account })
  await balancesChange(stake, [{ address: creator.account.address, amount: STAKE }])
}

const holdersOf = ({ channels, keys, nodes }: Sluice) => [channels.address, keys.address, nodes.address]

describe('bug class: forced coin', () => {
  it('by selfdestruct changes nobody’s balance, and stays when all have left', async () => {
    const sluice = await loadFixture(funded)
    const { client } = sluice
    for (const address of holdersOf(sluice)) {
      await balancesChange(selfdestructTo(sluice, address), [{ address, amount: FORCED }])
    }
    await everybodyLeaves(sluice)
    for (const address of holdersOf(sluice)) assert.equal(await client.getBalance({ address }), FORCED)
  })

  it('as a block’s reward changes nobody’s balance either', async () => {
    const sluice = await loadFixture(funded)
    const { client, channels, payer, stranger } = sluice
    const before = await client.getBalance({ address: channels.address })
    const { miner } = await client.getBlock()
    await networkHelpers.setCoinbase(channels.address)
    await stranger.sendTransaction({ to: stranger.account.address, maxPriorityFeePerGas: 10n ** 9n })
    await networkHelpers.setCoinbase(miner)
    const surplus = (await client.getBalance({ address: channels.address })) - before
    assert.ok(surplus > 0n)
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), ETHER - 1000n)
    await everybodyLeaves(sluice)
    assert.equal(await client.getBalance({ address: channels.address }), surplus)
  })

  it('sent to the address before there was a contract belongs to nobody', async () => {
    const { deployer, stranger, client } = await loadFixture(deploySluice)
    const from = deployer.account.address
    const nonce = BigInt(await client.getTransactionCount({ address: from }))
    const address = getContractAddress({ from, nonce })
    await stranger.sendTransaction({ to: address, value: FORCED })
    const channels = await viem.deployContract('SliceChannels')
    assert.equal(channels.address.toLowerCase(), address.toLowerCase())
    assert.equal(await client.getBalance({ address }), FORCED)
    assert.equal(await channels.read.balanceOf([channels.address, NATIVE]), 0n)
    await refusesWith(channels.write.withdraw([NATIVE]), channels, 'SliceChannels_NoWithdrawal')
  })

  it('pays for no deposit, stake or key: only what comes with the call counts', async () => {
    const sluice = await loadFixture(funded)
    const { channels, keys, nodes, creator, stranger } = sluice
    for (const address of holdersOf(sluice)) await selfdestructTo(sluice, address)
    const account = stranger.account
    await refusesWith(channels.write.deposit([NATIVE, FORCED], { account }), channels, 'SliceChannels_ValueMismatch')
    await refusesWith(nodes.write.addStake({ account: creator.account }), nodes, 'NodeRegistry_AmountZero')
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { price: PRICE })
    const buy = keys.write.buy([editionId, 1n, account.address, NATIVE, PRICE, 1], { account, value: PRICE - 1n })
    await refusesWith(buy, keys, 'Credits_ValueMismatch')
    await refusesWith(keys.write.withdraw([NATIVE], { account }), keys, 'Credits_NothingToWithdraw')
  })
})
