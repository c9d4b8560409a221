import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { numberToHex } from 'viem'
import type { Address } from 'viem'
import { deploySluice, NATIVE, networkHelpers } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'
import { createEdition, publish } from '../support/keys.ts'
import { buy as buyListed, deployMarket, list } from '../support/market.ts'

const { loadFixture } = networkHelpers
const BPS = 10_000n
const MAX_PRICE = 2n ** 96n - 1n
/** Addresses of nobody, one per payout; the first few are precompiles. */
const payeeAt = (index: number): Address => numberToHex(0xbeef_0000 + index, { size: 20 })
const REFERRER = payeeAt(0xffff)
/** Sixteen payees, of whom nobody's share of a small price is whole. */
const SIXTEEN = Array.from({ length: 16 }, (_, index) => ({ to: payeeAt(index), bps: 625 }))

async function selling() {
  const sluice = await deploySluice()
  const { token, keys, payer } = sluice
  await token.write.mint([payer.account.address, 2n ** 200n])
  await token.write.approve([keys.address, 2n ** 200n], { account: payer.account })
  return { ...sluice, ...(await publish(sluice)) }
}

type Sale = { price: bigint; quantity: bigint; referralBps: number; shares: number[]; referred: boolean }

/** Up to 16 shares of at least zero that sum to the whole: the gaps between sorted cuts. */
const shares = fc
  .array(fc.integer({ min: 0, max: Number(BPS) }), { maxLength: 15 })
  .map((cuts) => [0, ...cuts.toSorted((a, b) => a - b), Number(BPS)])
  .map((cuts) => cuts.slice(1).map((cut, index) => cut - cuts[index]!))

const sale: fc.Arbitrary<Sale> = fc.record({
  price: fc.oneof(fc.bigInt(0n, 100n), fc.bigInt(0n, MAX_PRICE), fc.constant(MAX_PRICE)),
  quantity: fc.oneof(fc.constant(1n), fc.bigInt(1n, 1000n)),
  referralBps: fc.integer({ min: 0, max: 5000 }),
  shares,
  referred: fc.boolean(),
})

/** What each of them was credited by one purchase: the referrer, then the payees in order. */
async function sell(sluice: Sluice & { contentId: `0x${string}` }, { price, quantity, referred, ...split }: Sale) {
  const { keys, payer, token } = sluice
  const payouts = split.shares.map((bps, index) => ({ to: payeeAt(index), bps }))
  const change = { token: token.address, price, referralBps: split.referralBps, payouts }
  const { editionId } = await createEdition(sluice, sluice.contentId, change)
  const credits = () =>
    Promise.all(
      [REFERRER, ...payouts.map(({ to }) => to)].map((account) => keys.read.creditOf([account, token.address])),
    )
  const before = await credits()
  await keys.write.buy([editionId, quantity, payer.account.address, referred ? REFERRER : NATIVE, price, 1], {
    account: payer.account,
  })
  return (await credits()).map((credit, index) => credit - before[index]!)
}

type Resale = Awaited<ReturnType<typeof deployMarket>>

async function creditsOf({ keys }: Resale, accounts: readonly Address[]): Promise<bigint[]> {
  return Promise.all(accounts.map((account) => keys.read.creditOf([account, NATIVE])))
}

async function buyAmongSixteen(world: Resale, price: bigint, quantity = 1n) {
  const { keys, contentId, buyer } = world
  const { editionId } = await createEdition(world, contentId, { price, payouts: SIXTEEN, referralBps: 3333 })
  const { account } = buyer
  const order = [editionId, quantity, account.address, REFERRER, price, 1] as const
  await keys.write.buy(order, { account, value: price * quantity })
}

describe('bug class: rounding in splits, at any price', () => {
  it('sums to the price, rounds every share down and gives the first payee the rest', async () => {
    const sluice = await loadFixture(selling)
    const once = async (terms: Sale) => {
      await networkHelpers.loadFixture(selling)
      const [referral, first, ...others] = await sell(sluice, terms)
      const paid = terms.price * terms.quantity
      const expected = terms.referred ? (paid * BigInt(terms.referralBps)) / BPS : 0n
      assert.equal(referral, expected)
      const shared = paid - expected
      const [own, ...rest] = terms.shares
      assert.deepEqual(
        others,
        rest.map((bps) => (shared * BigInt(bps)) / BPS),
      )
      assert.equal(first! + others.reduce((sum, part) => sum + part, 0n), shared)
      const dust = first! - (shared * BigInt(own!)) / BPS
      assert.ok(dust >= 0n && dust < BigInt(terms.shares.length), `${dust} of dust for ${terms.shares.length}`)
    }
    await fc.assert(fc.asyncProperty(sale, once), { numRuns: 60, seed: 96 })
  })

  it('moves dust between those who share and never to the buyer, however a purchase is cut up', async () => {
    const sluice = await loadFixture(selling)
    const terms = { price: 10n, referralBps: 1000, shares: [3334, 3333, 3333], referred: true }
    assert.deepEqual(await sell(sluice, { ...terms, quantity: 3n }), [3n, 11n, 8n, 8n])
    for (let bought = 0; bought < 3; bought++) {
      assert.deepEqual(await sell(sluice, { ...terms, quantity: 1n }), [1n, 5n, 2n, 2n])
    }
  })

  it('pays out exactly what came in, by all who were credited', async () => {
    const sluice = await loadFixture(selling)
    const { keys, token, creator, payee, other } = sluice
    const parties = [creator, payee, other]
    const payouts = parties.map(({ account }, index) => ({ to: account.address, bps: [1, 3332, 6667][index]! }))
    const { editionId } = await createEdition(sluice, sluice.contentId, { token: token.address, price: 997n, payouts })
    const { account } = sluice.payer
    await keys.write.buy([editionId, 7n, account.address, NATIVE, 997n, 1], { account })
    for (const party of parties) await keys.write.withdraw([token.address], { account: party.account })
    assert.equal(await token.read.balanceOf([keys.address]), 0n)
  })
})

describe('bug class: rounding in splits, of small prices', () => {
  for (const price of [1n, 2n, 3n, 15n, 16n, 17n, 9_999n, 10_001n]) {
    it(`loses no unit of ${price} among a referrer and sixteen payees, and makes none`, async () => {
      const world = await loadFixture(deployMarket)
      await buyAmongSixteen(world, price)
      const [referral = 0n, first = 0n, ...others] = await creditsOf(world, [REFERRER, ...SIXTEEN.map(({ to }) => to)])
      assert.equal(referral, (price * 3333n) / BPS)
      for (const part of others) assert.equal(part, ((price - referral) * 625n) / BPS)
      assert.equal(referral + first + others.reduce((sum, part) => sum + part), price)
    })
  }

  it('splits what was paid in all, not every key’s price', async () => {
    const world = await loadFixture(deployMarket)
    await buyAmongSixteen(world, 1n, 16n)
    const [referral = 0n, ...parts] = await creditsOf(world, [REFERRER, ...SIXTEEN.map(({ to }) => to)])
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
