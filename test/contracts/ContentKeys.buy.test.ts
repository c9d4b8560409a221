import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import type { Address } from 'viem'
import { at, balancesChange, emits, refuses } from './support/assertions.ts'
import { deploySluice, NATIVE, networkHelpers, now } from './support/fixture.ts'
import type { Sluice } from './support/fixture.ts'
import { createEdition, publish, SLICES, Status } from './support/keys.ts'
import type { Terms } from './support/keys.ts'
import { signPermit } from './support/permit.ts'

const { loadFixture } = networkHelpers
const PRICE = 1001n
const YEARS_100 = 100n * 365n * 86_400n

async function published() {
  const sluice = await deploySluice()
  return { ...sluice, ...(await publish(sluice)) }
}

type Published = Sluice & Pick<Awaited<ReturnType<typeof published>>, 'contentId'>

const edition = (sluice: Published, change: Partial<Terms> = {}) =>
  createEdition(sluice, sluice.contentId, { price: PRICE, ...change })

type Purchase = {
  quantity?: bigint
  recipient?: Address
  referrer?: Address
  maxPrice?: bigint
  epoch?: number
  value?: bigint
}

/** The payer buys; the exact value unless another is given. */
function buy({ keys, payer }: Sluice, editionId: bigint, purchase: Purchase = {}) {
  const { quantity = 1n, recipient = payer.account.address, referrer = NATIVE, maxPrice = PRICE } = purchase
  return keys.write.buy([editionId, quantity, recipient, referrer, maxPrice, purchase.epoch ?? 1], {
    account: payer.account,
    value: purchase.value ?? PRICE * quantity,
  })
}

describe('ContentKeys: buy', () => {
  it('mints to the recipient, credits the creator and returns the excess', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, stranger, creator } = sluice
    const { editionId } = await edition(sluice)
    const [buyer, to] = [getAddress(payer.account.address), getAddress(stranger.account.address)]
    const sale = buy(sluice, editionId, { quantity: 3n, recipient: to, value: 5000n })
    await balancesChange(sale, [{ address: buyer, amount: -3n * PRICE }])
    await emits(sale, keys, 'KeyBought', [editionId, buyer, to, NATIVE, 3n, NATIVE, 3n * PRICE])
    assert.equal(await keys.read.balanceOf([to, editionId]), 3n)
    assert.equal(await keys.read.creditOf([creator.account.address, NATIVE]), 3n * PRICE)
    assert.equal((await keys.read.editionOf([editionId])).sold, 3n)
  })

  it('pays credits out once, to those they belong to', async () => {
    const sluice = await loadFixture(published)
    const { keys, creator } = sluice
    const { editionId } = await edition(sluice)
    await buy(sluice, editionId)
    const account = creator.account
    const address = getAddress(account.address)
    await balancesChange(keys.write.withdraw([NATIVE], { account }), [{ address, amount: PRICE }])
    await refuses(keys.write.withdraw([NATIVE], { account }), keys, 'Credits_NothingToWithdraw', [address, NATIVE])
  })

  it('takes an ERC-20 by allowance or by a permit that was used already', async () => {
    const sluice = await loadFixture(published)
    const { keys, token, payer, stranger, creator } = sluice
    const account = payer.account
    const { editionId } = await edition(sluice, { token: token.address })
    await token.write.mint([account.address, 2n * PRICE])
    await token.write.approve([keys.address, PRICE], { account })
    await buy(sluice, editionId, { value: 0n })
    const { deadline, v, r, s } = await signPermit(sluice, keys.address, PRICE)
    await token.write.permit([account.address, keys.address, PRICE, deadline, v, r, s], { account: stranger.account })
    await keys.write.buyWithPermit([editionId, 1n, account.address, NATIVE, PRICE, 1, deadline, v, r, s], { account })
    assert.equal(await keys.read.balanceOf([account.address, editionId]), 2n)
    await keys.write.withdraw([token.address], { account: creator.account })
    assert.equal(await token.read.balanceOf([creator.account.address]), 2n * PRICE)
  })

  it('refuses a value that does not fit', async () => {
    const sluice = await loadFixture(published)
    const { keys, token } = sluice
    const native = await edition(sluice)
    const inToken = await edition(sluice, { token: token.address })
    await refuses(buy(sluice, native.editionId, { value: PRICE - 1n }), keys, 'Credits_ValueMismatch', [
      PRICE - 1n,
      PRICE,
    ])
    await refuses(buy(sluice, inToken.editionId, { value: 1n }), keys, 'Credits_ValueMismatch', [1n, 0n])
  })

  it('refuses a price above what the buyer accepts', async () => {
    const sluice = await loadFixture(published)
    const { editionId } = await edition(sluice)
    await refuses(buy(sluice, editionId, { maxPrice: PRICE - 1n }), sluice.keys, 'ContentKeys_PriceAbove', [
      PRICE,
      PRICE - 1n,
    ])
  })

  it('sells up to the maximum supply', async () => {
    const sluice = await loadFixture(published)
    const { editionId } = await edition(sluice, { maxSupply: 3n })
    await buy(sluice, editionId, { quantity: 2n })
    const tooMany = buy(sluice, editionId, { quantity: 2n })
    await refuses(tooMany, sluice.keys, 'ContentKeys_SupplyExceeded', [editionId, 2n, 1n])
    await buy(sluice, editionId)
    await refuses(buy(sluice, editionId), sluice.keys, 'ContentKeys_SupplyExceeded', [editionId, 1n, 0n])
  })

  it('gives keys away at price zero, and lets nobody take all that can be counted', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, creator } = sluice
    const { editionId } = await edition(sluice, { price: 0n })
    await buy(sluice, editionId, { value: 0n })
    assert.equal(await keys.read.balanceOf([payer.account.address, editionId]), 1n)
    assert.equal(await keys.read.creditOf([creator.account.address, NATIVE]), 0n)
    for (const quantity of [10_001n, 2n ** 64n - 2n, 2n ** 256n - 1n]) {
      const greedy = buy(sluice, editionId, { quantity, value: 0n })
      await refuses(greedy, keys, 'ContentKeys_QuantityTooLarge', [quantity, 10_000n])
    }
    await buy(sluice, editionId, { quantity: 10_000n, value: 0n })
  })

  it('refuses nothing, nobody, and a referrer who is a party', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, stranger } = sluice
    const { editionId } = await edition(sluice)
    await refuses(buy(sluice, editionId, { quantity: 0n }), keys, 'ContentKeys_QuantityZero', [])
    await refuses(buy(sluice, editionId, { recipient: NATIVE }), keys, 'ContentKeys_RecipientInvalid', [NATIVE])
    const [buyer, recipient] = [getAddress(payer.account.address), getAddress(stranger.account.address)]
    for (const referrer of [buyer, recipient]) {
      const sale = buy(sluice, editionId, { recipient, referrer })
      await refuses(sale, keys, 'ContentKeys_ReferrerInvalid', [referrer])
    }
  })

  it('sells nothing of a delisted content, and leaves its keys as they are', async () => {
    const sluice = await loadFixture(published)
    const { keys, registry, creator, payer, contentId } = sluice
    const { editionId } = await edition(sluice)
    await buy(sluice, editionId)
    await registry.write.setStatus([contentId, Status.Delisted], { account: creator.account })
    await refuses(buy(sluice, editionId), keys, 'ContentKeys_Delisted', [contentId])
    assert.equal(await keys.read.isEntitledBy([editionId, payer.account.address]), true)
  })
})

describe('ContentKeys: entitlement', () => {
  it('follows the key to whoever holds it now', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, stranger, contentId } = sluice
    const [from, to] = [payer.account.address, stranger.account.address]
    const { editionId } = await edition(sluice)
    await buy(sluice, editionId)
    assert.equal(await keys.read.isEntitled([contentId, 1, from, 0, SLICES - 1]), true)
    await keys.write.safeTransferFrom([from, to, editionId, 1n, '0x'], { account: payer.account })
    assert.equal(await keys.read.isEntitledBy([editionId, from]), false)
    assert.equal(await keys.read.isEntitled([contentId, 1, to, 0, SLICES - 1]), true)
  })

  it('refuses to transfer a key whose edition says so, in batches too', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, stranger } = sluice
    const [from, to, account] = [payer.account.address, stranger.account.address, payer.account]
    const free = await edition(sluice)
    const bound = await edition(sluice, { transferable: false })
    await buy(sluice, free.editionId)
    await buy(sluice, bound.editionId)
    for (const call of [
      () => keys.write.safeTransferFrom([from, to, bound.editionId, 1n, '0x'], { account }),
      () =>
        keys.write.safeBatchTransferFrom([from, to, [free.editionId, bound.editionId], [1n, 1n], '0x'], { account }),
    ]) {
      await refuses(call(), keys, 'ContentKeys_NotTransferable', [bound.editionId])
    }
  })

  it('covers the edition’s slices, and no slice more', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, creator, contentId } = sluice
    const { editionId } = await edition(sluice, { firstSlice: 10, lastSlice: 20 })
    await buy(sluice, editionId)
    const entitled = (first: number, last: number, holder = payer.account.address) =>
      keys.read.isEntitled([contentId, 1, holder, first, last])
    assert.equal(await entitled(10, 20), true)
    assert.equal(await entitled(15, 15), true)
    assert.equal(await entitled(9, 20), false)
    assert.equal(await entitled(10, 21), false)
    assert.equal(await entitled(12, 11), false)
    assert.equal(await entitled(0, SLICES - 1, creator.account.address), true)
  })

  it('covers later versions only where the edition says so, and never earlier or unpublished ones', async () => {
    const sluice = await loadFixture(published)
    const { keys, registry, payer, creator, stranger, contentId } = sluice
    const only = await edition(sluice)
    const later = await edition(sluice, { laterVersions: true, lastSlice: 0xffffffff })
    await buy(sluice, only.editionId)
    await buy(sluice, later.editionId, { recipient: stranger.account.address })
    const entitled = (version: number, holder: Address, last = 0) =>
      keys.read.isEntitled([contentId, version, holder, 0, last])
    assert.equal(await entitled(2, stranger.account.address), false)
    const { publishVersion } = registry.write
    const proof = `0x${'11'.repeat(32)}` as const
    await publishVersion([contentId, proof, proof, 2 * SLICES], { account: creator.account })
    assert.equal(await entitled(1, payer.account.address), true)
    assert.equal(await entitled(2, payer.account.address), false)
    assert.equal(await entitled(2, stranger.account.address, 2 * SLICES - 1), true)
    assert.equal(await entitled(0, stranger.account.address), false)

    const second = await keys.read.editionIdOf([contentId, proof])
    const { terms } = await keys.read.editionOf([later.editionId])
    await keys.write.createEdition([contentId, proof, terms, 2, proof], { account: creator.account })
    await buy(sluice, second, { recipient: sluice.other.account.address })
    assert.equal(await entitled(1, sluice.other.account.address), false)
    assert.equal(await entitled(2, sluice.other.account.address), true)
  })

  it('ends a timed key at its exact second, and renews by adding', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, contentId } = sluice
    const holder = getAddress(payer.account.address)
    const { editionId } = await edition(sluice, { duration: 1000, transferable: false })
    const sale = await buy(sluice, editionId)
    const end = (await now()) + 1000n
    await emits(sale, keys, 'KeyExtended', [editionId, holder, end])
    await buy(sluice, editionId, { quantity: 2n })
    assert.equal(await keys.read.expiresAt([editionId, holder]), end + 2000n)
    assert.equal(await keys.read.balanceOf([holder, editionId]), 0n)

    await networkHelpers.time.increaseTo(end + 1999n)
    assert.equal(await keys.read.isEntitled([contentId, 1, holder, 0, 0]), true)
    await networkHelpers.time.increaseTo(end + 2000n)
    assert.equal(await keys.read.isEntitledBy([editionId, holder]), false)

    await at(end + 5000n)
    await buy(sluice, editionId)
    assert.equal(await keys.read.expiresAt([editionId, holder]), end + 6000n)
  })

  it('counts purchases of a timed edition against its supply, and bounds how far it runs', async () => {
    const sluice = await loadFixture(published)
    const { keys } = sluice
    const scarce = await edition(sluice, { duration: 10, transferable: false, maxSupply: 2n })
    await buy(sluice, scarce.editionId, { quantity: 2n })
    await refuses(buy(sluice, scarce.editionId), keys, 'ContentKeys_SupplyExceeded', [scarce.editionId, 1n, 0n])

    const century = await edition(sluice, { duration: Number(YEARS_100), transferable: false })
    await buy(sluice, century.editionId)
    const tooLong = await edition(sluice, { duration: Number(YEARS_100) + 1, transferable: false })
    await refuses(buy(sluice, tooLong.editionId), keys, 'ContentKeys_DurationTooLong', [YEARS_100 + 1n, YEARS_100])
  })
})
