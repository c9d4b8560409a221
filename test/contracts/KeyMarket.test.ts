import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import { at, emits, refuses } from './support/assertions.ts'
import { farAhead } from './support/channels.ts'
import { NATIVE, networkHelpers } from './support/fixture.ts'
import { buy, deployMarket, list, sellKeys, UNIT_PRICE } from './support/market.ts'

const { loadFixture, time } = networkHelpers

describe('KeyMarket: list and cancel', () => {
  it('lists keys that stay with their seller', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, keys, editionId, sellerAddress } = resale
    const seller = getAddress(sellerAddress)
    const expiry = await farAhead()
    const listing = { unitPrice: UNIT_PRICE, token: NATIVE, quantity: 3n, expiry }
    await emits(list(resale, { quantity: 3n, expiry }), market, 'KeyListed', [
      editionId,
      seller,
      NATIVE,
      UNIT_PRICE,
      3n,
      expiry,
    ])
    assert.deepEqual(await market.read.listingOf([editionId, seller]), [listing, 3n])
    assert.equal(await keys.read.balanceOf([seller, editionId]), 5n)
  })

  it('keeps one listing of an edition for each seller: the last', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, token, editionId, sellerAddress } = resale
    await list(resale)
    const expiry = (await farAhead()) + 5n
    await list(resale, { quantity: 1n, unitPrice: 7n, token: token.address, expiry })
    const listing = { unitPrice: 7n, token: getAddress(token.address), quantity: 1n, expiry }
    assert.deepEqual(await market.read.listingOf([editionId, sellerAddress]), [listing, 1n])
  })

  it('refuses an offer of nothing, for nothing, or without a future', async () => {
    const resale = await loadFixture(deployMarket)
    const { market } = resale
    await refuses(list(resale, { quantity: 0n }), market, 'KeyMarket_QuantityZero', [])
    await refuses(list(resale, { unitPrice: 0n }), market, 'KeyMarket_PriceZero', [])
    const moment = (await farAhead()) + 100n
    await at(moment)
    await refuses(list(resale, { expiry: moment }), market, 'KeyMarket_ExpiryPast', [moment, moment])
    await at(moment + 1n)
    await list(resale, { expiry: moment + 2n })
  })

  it('refuses editions that do not change hands: bound, timed, unknown', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, keys } = resale
    const bound = await sellKeys(resale, 1n, { transferable: false })
    const timed = await sellKeys(resale, 1n, { transferable: false, duration: 1000 })
    for (const editionId of [bound, timed]) {
      await refuses(list(resale, { editionId, quantity: 1n }), market, 'KeyMarket_NotTransferable', [editionId])
    }
    await refuses(list(resale, { editionId: 1n }), keys, 'ContentKeys_EditionUnknown', [1n])
  })

  it('refuses keys that the seller does not hold, and a seller that has not approved it', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, keys, seller, editionId } = resale
    const address = getAddress(resale.sellerAddress)
    await refuses(list(resale, { quantity: 6n }), market, 'KeyMarket_BalanceTooLow', [address, editionId, 6n, 5n])
    await keys.write.setApprovalForAll([market.address, false], { account: seller.account })
    await refuses(list(resale), market, 'KeyMarket_NotApproved', [address])
  })

  it('forgets a listing that its seller cancels, and nobody else’s', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, seller, buyer, editionId, sellerAddress, buyerAddress } = resale
    await list(resale)
    const byOther = market.write.cancel([editionId], { account: buyer.account })
    await refuses(byOther, market, 'KeyMarket_ListingUnknown', [editionId, getAddress(buyerAddress)])
    const { account } = seller
    const address = getAddress(sellerAddress)
    await emits(market.write.cancel([editionId], { account }), market, 'ListingCancelled', [editionId, address])
    const nothing = { unitPrice: 0n, token: NATIVE, quantity: 0n, expiry: 0n }
    assert.deepEqual(await market.read.listingOf([editionId, address]), [nothing, 0n])
    await refuses(buy(resale), market, 'KeyMarket_ListingUnknown', [editionId, address])
    const again = market.write.cancel([editionId], { account })
    await refuses(again, market, 'KeyMarket_ListingUnknown', [editionId, address])
  })

  it('says how many keys could be bought now', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, keys, seller, editionId, sellerAddress, buyerAddress } = resale
    const { account } = seller
    const available = async () => (await market.read.listingOf([editionId, sellerAddress]))[1]
    assert.equal(await available(), 0n)
    const expiry = await farAhead()
    await list(resale, { quantity: 4n, expiry })
    assert.equal(await available(), 4n)
    await keys.write.safeTransferFrom([sellerAddress, buyerAddress, editionId, 3n, '0x'], { account })
    assert.equal(await available(), 2n)
    await keys.write.setApprovalForAll([market.address, false], { account })
    assert.equal(await available(), 0n)
    await keys.write.setApprovalForAll([market.address, true], { account })
    await time.increaseTo(expiry - 1n)
    assert.equal(await available(), 2n)
    await time.increaseTo(expiry)
    assert.equal(await available(), 0n)
  })
})
