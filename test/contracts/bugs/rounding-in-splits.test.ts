import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toHex } from 'viem'
import type { Address } from 'viem'
import { NATIVE, networkHelpers } from '../support/fixture.ts'
import { createEdition } from '../support/keys.ts'
import { buy as buyListed, deployMarket, list } from '../support/market.ts'

const { loadFixture } = networkHelpers
const REFERRER: Address = '0x00000000000000000000000000000000000000ef'
/** Sixteen payees, of whom nobody's share of a small price is whole. */
const PAYOUTS = Array.from({ length: 16 }, (_, at) => ({ to: toHex(0xc0 + at, { size: 20 }), bps: 625 }))

type World = Awaited<ReturnType<typeof deployMarket>>

async function creditsOf({ keys }: World, accounts: readonly Address[]): Promise<bigint[]> {
  return Promise.all(accounts.map((account) => keys.read.creditOf([account, NATIVE])))
}

async function buy(world: World, price: bigint, quantity = 1n) {
  const { keys, contentId, buyer } = world
  const { editionId } = await createEdition(world, contentId, { price, payouts: PAYOUTS, referralBps: 3333 })
  const { account } = buyer
  const order = [editionId, quantity, account.address, REFERRER, price, 1] as const
  await keys.write.buy(order, { account, value: price * quantity })
}

describe('bug class: rounding in splits', () => {
  for (const price of [1n, 2n, 3n, 15n, 16n, 17n, 9_999n, 10_001n]) {
    it(`loses no unit of ${price} among a referrer and sixteen payees, and makes none`, async () => {
      const world = await loadFixture(deployMarket)
      await buy(world, price)
      const [referral = 0n, first = 0n, ...others] = await creditsOf(world, [REFERRER, ...PAYOUTS.map(({ to }) => to)])
      assert.equal(referral, (price * 3333n) / 10_000n)
      for (const part of others) assert.equal(part, ((price - referral) * 625n) / 10_000n)
      assert.equal(referral + first + others.reduce((sum, part) => sum + part), price)
    })
  }

  it('splits what was paid in all, not every key’s price', async () => {
    const world = await loadFixture(deployMarket)
    await buy(world, 1n, 16n)
    const [referral = 0n, ...parts] = await creditsOf(world, [REFERRER, ...PAYOUTS.map(({ to }) => to)])
    assert.equal(referral, 5n)
    // A sixteenth of the 11 that are left is less than one unit: the first has what nobody else's share is whole for.
    assert.deepEqual(parts, [11n, ...Array.from({ length: 15 }, () => 0n)])
  })

  it('takes less than one unit of royalty from the creator with each purchase, whatever it is split into', async () => {
    const world = await loadFixture(deployMarket)
    const { market, sellerAddress, creatorAddress } = world
    const credits = () =>
      Promise.all([creatorAddress, sellerAddress].map((account) => market.read.creditOf([account, NATIVE])))
    // 5 % of 39 is 1.95.
    await list(world, { unitPrice: 39n })
    for (let i = 0; i < 3; i++) await buyListed(world, { value: 39n })
    assert.deepEqual(await credits(), [3n, 3n * 39n - 3n])
    await buyListed(world, { quantity: 2n, value: 2n * 39n })
    assert.deepEqual(await credits(), [3n + 3n, 5n * 39n - 6n])
  })
})
