import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import { at, balancesChange, emits, refuses } from './support/assertions.ts'
import { farAhead, randomHex } from './support/channels.ts'
import { NATIVE, networkHelpers, viem } from './support/fixture.ts'
import { Status } from './support/keys.ts'
import { buy, deployMarket, list, UNIT_PRICE } from './support/market.ts'
import { signPermit } from './support/permit.ts'

const { loadFixture } = networkHelpers
/** 5 % of {@link UNIT_PRICE}, down. */
const ROYALTY = 50n

async function listed() {
  const resale = await deployMarket()
  await list(resale)
  return resale
}

describe('KeyMarket: buy', () => {
  it('hands the keys over, credits royalty and proceeds, and returns the excess', async () => {
    const resale = await loadFixture(listed)
    const { market, keys, editionId, sellerAddress, buyerAddress, creatorAddress, other } = resale
    const [seller, buyer, creator] = [getAddress(sellerAddress), getAddress(buyerAddress), getAddress(creatorAddress)]
    const recipient = getAddress(other.account.address)
    const price = 2n * UNIT_PRICE
    const sale = buy(resale, { quantity: 2n, recipient, value: price + 17n })
    await balancesChange(sale, [
      { address: buyer, amount: -price },
      { address: market.address, amount: price },
    ])
    const royalty = (price * 5n) / 100n
    const sold = [editionId, seller, buyer, recipient, 2n, NATIVE, price, creator, royalty] as const
    await emits(sale, market, 'KeySold', [...sold])
    assert.equal(await keys.read.balanceOf([seller, editionId]), 3n)
    assert.equal(await keys.read.balanceOf([recipient, editionId]), 2n)
    assert.equal(await market.read.creditOf([creator, NATIVE]), royalty)
    assert.equal(await market.read.creditOf([seller, NATIVE]), price - royalty)
    assert.equal(await keys.read.isEntitledBy([editionId, recipient]), true)
  })

  it('rounds the royalty down and pays both out', async () => {
    const resale = await loadFixture(listed)
    const { market, creator, seller } = resale
    await buy(resale)
    for (const [{ account }, amount] of [
      [creator, ROYALTY],
      [seller, UNIT_PRICE - ROYALTY],
    ] as const) {
      const withdrawal = market.write.withdraw([NATIVE], { account })
      await balancesChange(withdrawal, [{ address: account.address, amount }])
    }
  })

  it('sells a listing part by part until nothing is left of it', async () => {
    const resale = await loadFixture(listed)
    const { market, editionId } = resale
    const seller = getAddress(resale.sellerAddress)
    const left = async () => (await market.read.listingOf([editionId, seller]))[0].quantity
    await buy(resale, { quantity: 2n })
    assert.equal(await left(), 3n)
    await refuses(buy(resale, { quantity: 4n }), market, 'KeyMarket_QuantityExceeded', [4n, 3n])
    await buy(resale, { quantity: 3n })
    assert.equal(await left(), 0n)
    await refuses(buy(resale), market, 'KeyMarket_ListingUnknown', [editionId, seller])
  })

  it('takes an ERC-20 by allowance or by a permit that was used already', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, keys, token, buyer, stranger, editionId, sellerAddress, buyerAddress, creatorAddress } = resale
    const { account } = buyer
    await list(resale, { token: token.address })
    await token.write.approve([market.address, UNIT_PRICE], { account })
    await buy(resale, { token: token.address })
    const { deadline, v, r, s } = await signPermit(resale, market.address, UNIT_PRICE)
    const permit = [buyerAddress, market.address, UNIT_PRICE, deadline, v, r, s] as const
    await token.write.permit(permit, { account: stranger.account })
    const order = [editionId, sellerAddress, 1n, buyerAddress, token.address, UNIT_PRICE, 1] as const
    await market.write.buyWithPermit([...order, deadline, v, r, s], { account })
    assert.equal(await keys.read.balanceOf([buyerAddress, editionId]), 2n)
    assert.equal(await token.read.balanceOf([market.address]), 2n * UNIT_PRICE)
    assert.equal(await market.read.creditOf([creatorAddress, token.address]), 2n * ROYALTY)
    assert.equal(await market.read.creditOf([sellerAddress, token.address]), 2n * (UNIT_PRICE - ROYALTY))
  })

  it('sells until the second before the listing’s end', async () => {
    const resale = await loadFixture(deployMarket)
    const expiry = await farAhead()
    await list(resale, { expiry })
    await at(expiry - 1n)
    await buy(resale)
    await at(expiry)
    await refuses(buy(resale), resale.market, 'KeyMarket_ListingExpired', [expiry, expiry])
  })

  it('refuses nothing, nobody, and a value that does not fit', async () => {
    const resale = await loadFixture(listed)
    const { market, token } = resale
    await refuses(buy(resale, { quantity: 0n }), market, 'KeyMarket_QuantityZero', [])
    await refuses(buy(resale, { recipient: NATIVE }), market, 'KeyMarket_RecipientInvalid', [NATIVE])
    const short = buy(resale, { value: UNIT_PRICE - 1n })
    await refuses(short, market, 'Credits_ValueMismatch', [UNIT_PRICE - 1n, UNIT_PRICE])
    await list(resale, { token: token.address })
    const both = buy(resale, { token: token.address, value: 1n })
    await refuses(both, market, 'Credits_ValueMismatch', [1n, 0n])
  })

  it('holds a seller to the price and the token that the buyer relies on', async () => {
    const resale = await loadFixture(listed)
    const { market, token } = resale
    await list(resale, { unitPrice: UNIT_PRICE + 1n })
    await refuses(buy(resale), market, 'KeyMarket_PriceAbove', [UNIT_PRICE + 1n, UNIT_PRICE])
    await list(resale, { token: token.address })
    await refuses(buy(resale), market, 'KeyMarket_TokenMismatch', [NATIVE, getAddress(token.address)])
    await list(resale, { unitPrice: 1n })
    await buy(resale)
  })

  it('holds the creator to the lockbox that the buyer verified', async () => {
    const resale = await loadFixture(listed)
    const { market, keys, creator, editionId } = resale
    await keys.write.setLockbox([editionId, 2, randomHex()], { account: creator.account })
    await refuses(buy(resale), market, 'KeyMarket_EpochMismatch', [editionId, 1, 2])
    await buy(resale, { epoch: 2 })
  })

  it('refuses where the seller has given the keys away or taken its approval back', async () => {
    const resale = await loadFixture(listed)
    const { market, keys, seller, editionId, sellerAddress, creatorAddress } = resale
    const { account } = seller
    const address = getAddress(sellerAddress)
    await keys.write.safeTransferFrom([address, creatorAddress, editionId, 4n, '0x'], { account })
    await refuses(buy(resale, { quantity: 2n }), market, 'KeyMarket_BalanceTooLow', [address, editionId, 2n, 1n])
    await keys.write.setApprovalForAll([market.address, false], { account })
    await refuses(buy(resale), market, 'KeyMarket_NotApproved', [address])
    await keys.write.setApprovalForAll([market.address, true], { account })
    await buy(resale)
  })

  it('pays the creator of now', async () => {
    const resale = await loadFixture(listed)
    const { market, registry, creator, other, contentId, creatorAddress } = resale
    await registry.write.transferCreator([contentId, other.account.address], { account: creator.account })
    await registry.write.acceptCreator([contentId], { account: other.account })
    await buy(resale)
    assert.equal(await market.read.creditOf([other.account.address, NATIVE]), ROYALTY)
    assert.equal(await market.read.creditOf([creatorAddress, NATIVE]), 0n)
  })

  it('resells keys to a content that is delisted', async () => {
    const resale = await loadFixture(listed)
    const { keys, registry, creator, contentId, editionId, buyerAddress } = resale
    await registry.write.setStatus([contentId, Status.Delisted], { account: creator.account })
    await buy(resale)
    assert.equal(await keys.read.balanceOf([buyerAddress, editionId]), 1n)
  })

  it('sells for each seller by its own listing', async () => {
    const resale = await loadFixture(listed)
    const { market, keys, other, editionId, sellerAddress, buyer, buyerAddress } = resale
    const { account } = other
    await keys.write.buy([editionId, 1n, account.address, NATIVE, 0n, 1], { account })
    await keys.write.setApprovalForAll([market.address, true], { account })
    await market.write.list([editionId, 1n, 10n, NATIVE, await farAhead()], { account })
    const order = [editionId, account.address, 1n, buyerAddress, NATIVE, 10n, 1] as const
    await market.write.buy(order, { account: buyer.account, value: 10n })
    assert.equal(await market.read.creditOf([account.address, NATIVE]), 10n)
    assert.equal(await keys.read.balanceOf([sellerAddress, editionId]), 5n)
  })

  it('refuses a token that takes a fee', async () => {
    const resale = await loadFixture(deployMarket)
    const { market, buyer, buyerAddress } = resale
    const fee = await viem.deployContract('FeeToken')
    const token = getAddress(fee.address)
    await fee.write.mint([buyerAddress, 10_000n])
    await fee.write.approve([market.address, 10_000n], { account: buyer.account })
    await list(resale, { token, unitPrice: 1000n })
    await refuses(buy(resale, { token }), market, 'Credits_FeeOnTransfer', [token, 990n, 1000n])
  })
})
