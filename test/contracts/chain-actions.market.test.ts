import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  approveMarket,
  approveToken,
  buyListedKey,
  cancelListing,
  contractsBy,
  findListings,
  isMarketApproved,
  listKey,
  readEditions,
  readHeldKeys,
  readKey,
  readListing,
  readLockboxHash,
  readMarketCredits,
  readOffers,
  setLockbox,
  updateEdition,
  transferKey,
  withdrawMarketCredits,
} from '../../sdk/src/chain/index.ts'
import { isSluiceError } from '../../sdk/src/errors.ts'
import type { ErrorCode } from '../../sdk/src/errors.ts'
import { farAhead, randomHex } from './support/channels.ts'
import { NATIVE, networkHelpers } from './support/fixture.ts'
import { deployMarket, UNIT_PRICE } from './support/market.ts'
import { signPermit } from './support/permit.ts'

const { loadFixture } = networkHelpers

async function world() {
  const resale = await deployMarket()
  const contracts = contractsBy((name) => resale[name].address)
  const { editionId, sellerAddress: seller } = resale
  return { ...resale, contracts, offer: { contracts, editionId, seller }, expiry: await farAhead() }
}

/** Asserts the code, and the contract's error where one is named. */
async function fails(action: Promise<unknown>, code: ErrorCode, errorName?: string): Promise<void> {
  await assert.rejects(action, (error: unknown) => {
    assert.ok(isSluiceError(error, code), String(error))
    if (errorName !== undefined) assert.equal(error.details['errorName'], errorName)
    return true
  })
}

describe('chain actions: resale', () => {
  it('lists, reads, sells and pays out', async () => {
    const { contracts, client, seller, buyer, creator, editionId, offer, expiry } = await loadFixture(world)
    assert.equal(await readListing(client, offer), undefined)
    await listKey(seller, { contracts, editionId, quantity: 2n, unitPrice: UNIT_PRICE, expiry })
    const listing = await readListing(client, offer)
    assert.deepEqual(listing, {
      editionId,
      seller: offer.seller,
      unitPrice: UNIT_PRICE,
      token: NATIVE,
      quantity: 2n,
      expiry,
      available: 2n,
    })
    const { cost } = await buyListedKey(buyer, { ...offer, token: NATIVE, maxPrice: UNIT_PRICE, epoch: 1 })
    assert.equal(cost, UNIT_PRICE)
    const holder = buyer.account.address
    assert.deepEqual(await readKey(client, { contracts, editionId, holder }), { balance: 1n, expiresAt: 0n })

    const creditOf = (account: typeof holder) => readMarketCredits(client, { contracts, account, token: NATIVE })
    assert.equal(await creditOf(creator.account.address), 50n)
    assert.equal(await creditOf(offer.seller), UNIT_PRICE - 50n)
    await withdrawMarketCredits(seller, { contracts, token: NATIVE })
    assert.equal(await creditOf(offer.seller), 0n)

    await cancelListing(seller, { contracts, editionId })
    assert.equal(await readListing(client, offer), undefined)
    await fails(cancelListing(seller, { contracts, editionId }), 'CHAIN_REVERT', 'KeyMarket_ListingUnknown')
    await fails(buyListedKey(buyer, { ...offer, token: NATIVE, maxPrice: UNIT_PRICE, epoch: 1 }), 'NOT_FOUND')
  })

  it('approves the market once, and takes the approval back', async () => {
    const { contracts, client, seller, editionId, offer, expiry } = await loadFixture(world)
    assert.equal(await approveMarket(seller, { contracts }), undefined)
    const listing = { contracts, editionId, unitPrice: UNIT_PRICE, expiry }
    await listKey(seller, listing)
    assert.ok(await approveMarket(seller, { contracts, approved: false }))
    assert.equal((await readListing(client, offer))?.available, 0n)
    await fails(listKey(seller, listing), 'CHAIN_REVERT', 'KeyMarket_NotApproved')
    assert.ok(await approveMarket(seller, { contracts }))
    assert.equal((await readListing(client, offer))?.available, 1n)
  })

  it('finds what a seller still offers, with keys and without, until it is taken back', async () => {
    const { contracts, client, seller, buyer, editionId, offer, expiry } = await loadFixture(world)
    const found = async () =>
      (await findListings(client, offer)).map((listing) => [listing.editionId, listing.available])
    assert.deepEqual(await found(), [])
    await listKey(seller, { contracts, editionId, quantity: 5n, unitPrice: UNIT_PRICE, expiry })
    await listKey(seller, { contracts, editionId, quantity: 4n, unitPrice: UNIT_PRICE, expiry })
    assert.deepEqual(await found(), [[editionId, 4n]])
    await transferKey(seller, { contracts, editionId, to: buyer.account.address, quantity: 5n })
    assert.deepEqual(await found(), [[editionId, 0n]], 'it sells again as soon as the seller has a key')
    await approveMarket(seller, { contracts, approved: false })
    assert.equal(await isMarketApproved(client, offer), false)
    assert.deepEqual(await found(), [[editionId, 0n]])
    await cancelListing(seller, { contracts, editionId })
    assert.deepEqual(await found(), [])
  })

  it('buys in an ERC-20 by allowance and by permit, within what the buyer accepts', async () => {
    const sluice = await loadFixture(world)
    const { contracts, client, token, seller, buyer, editionId, offer, expiry } = sluice
    const inToken = { token: token.address, maxPrice: UNIT_PRICE, epoch: 1 }
    const order = { ...offer, ...inToken }
    await listKey(seller, { contracts, editionId, quantity: 3n, unitPrice: UNIT_PRICE, token: token.address, expiry })
    await fails(buyListedKey(buyer, order), 'CHAIN_REVERT', 'ERC20InsufficientAllowance')
    await approveToken(buyer, { contracts, token: token.address, spender: contracts.market, amount: UNIT_PRICE })
    await buyListedKey(buyer, order)
    const permit = await signPermit(sluice, contracts.market, UNIT_PRICE)
    await buyListedKey(buyer, { ...order, permit })
    await fails(buyListedKey(buyer, { ...order, maxPrice: UNIT_PRICE - 1n }), 'PRICE_TOO_HIGH')
    await fails(buyListedKey(buyer, { ...order, token: NATIVE }), 'CHAIN_REVERT', 'KeyMarket_TokenMismatch')
    await fails(buyListedKey(buyer, { ...order, epoch: 2 }), 'CHAIN_REVERT', 'KeyMarket_EpochMismatch')
    assert.equal((await readListing(client, offer))?.quantity, 1n)
  })
})

describe('chain actions: what an index names', () => {
  it('is an offer only where a key of the content can be bought now, at the price of the chain', async () => {
    const { contracts, client, seller, buyer, contentId, editionId, offer, expiry } = await loadFixture(world)
    const editions = await readEditions(client, { contracts, contentId })
    const stranger = { editionId, seller: buyer.account.address }
    const places = [{ editionId: 1n, seller: offer.seller }, stranger, { editionId, seller: offer.seller }]
    const offered = async (all = editions) =>
      (await readOffers(client, { contracts, editions: all, places })).map(({ edition, listing }) => ({
        editionId: edition.editionId,
        price: listing.unitPrice,
        available: listing.available,
      }))
    assert.deepEqual(await offered(), [])
    await listKey(seller, { contracts, editionId, quantity: 2n, unitPrice: UNIT_PRICE, expiry })
    assert.deepEqual(await offered(), [{ editionId, price: UNIT_PRICE, available: 2n }])
    assert.deepEqual(await offered([]), [], 'of another content')
    await approveMarket(seller, { contracts, approved: false })
    assert.deepEqual(await offered(), [], 'that cannot be delivered')
  })

  it('are keys only where the wallet holds one', async () => {
    const { contracts, client, buyer, editionId, offer } = await loadFixture(world)
    const held = async (holder: typeof offer.seller) =>
      (await readHeldKeys(client, { contracts, holder, editionIds: [1n, editionId] })).map(
        ({ edition, balance, expiresAt }) => [edition.editionId, balance, expiresAt],
      )
    assert.deepEqual(await held(offer.seller), [[editionId, 5n, 0n]])
    assert.deepEqual(await held(buyer.account.address), [])
  })
})

describe('chain actions: editions that change', () => {
  it('sets price and maximum, and says why a maximum is refused', async () => {
    const { contracts, creator, editionId } = await loadFixture(world)
    const update = (maxSupply: bigint) => updateEdition(creator, { contracts, editionId, price: 1n, maxSupply })
    await update(6n)
    await fails(update(7n), 'CHAIN_REVERT', 'ContentKeys_SupplyRaised')
    await fails(update(4n), 'CHAIN_REVERT', 'ContentKeys_SupplyBelowSold')
  })

  it('reads the hash of every lockbox that an edition had', async () => {
    const { contracts, client, creator, editionId } = await loadFixture(world)
    const first = await readLockboxHash(client, { contracts, editionId, epoch: 1 })
    const lockboxHash = randomHex()
    await setLockbox(creator, { contracts, editionId, epoch: 3, lockboxHash })
    assert.equal(await readLockboxHash(client, { contracts, editionId, epoch: 1 }), first)
    assert.equal(await readLockboxHash(client, { contracts, editionId, epoch: 3 }), lockboxHash)
    const skipped = readLockboxHash(client, { contracts, editionId, epoch: 2 })
    await fails(skipped, 'CHAIN_REVERT', 'ContentKeys_LockboxUnknown')
  })
})
