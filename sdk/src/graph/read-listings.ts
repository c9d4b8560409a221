import { hexToBigInt } from 'viem'
import type { Address, Hex } from 'viem'
import type { Ask, Asking } from './ask.ts'
import type { Fields } from './fields.ts'
import { after, distinct, pageSize, toPage } from './pages.ts'
import type { Page, Paging } from './pages.ts'

const HASH_BYTES = 32

/** An offer of keys. What is shown as its price, or paid, is read from the chain: `readOffers`. */
export type ListingRow = {
  readonly id: Hex
  readonly editionId: bigint
  readonly seller: Address
  /** Of one key, royalty included, in base units of `token`. */
  readonly unitPrice: bigint
  readonly token: Address
  readonly quantity: bigint
  /** Unix seconds. */
  readonly expiry: bigint
}

export declare namespace readListings {
  type Options = Asking &
    Paging & {
      readonly contentId: Hex
      /** Unix seconds; offers that end by then are left out. */
      readonly now: number
    }
}

/**
 * Offers of keys to a content that sell something now, the cheapest first. Prices in different tokens are compared as
 * numbers.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`; `BAD_INPUT` for what is no cursor
 */
export async function readListings(ask: Ask, options: readListings.Options): Promise<Page<ListingRow>> {
  const selling = {
    content: options.contentId.toLowerCase(),
    state: 'OPEN',
    expiry_gt: String(options.now),
    holding_: { balance_gt: '0' },
    approval_: { approved: true },
  }
  return askListings(ask, selling, options)
}

export declare namespace readSellersListings {
  type Options = Asking &
    Paging & {
      readonly seller: Address
      /** Unix seconds; offers that end by then are left out. */
      readonly now: number
    }
}

/**
 * What a wallet offers, the cheapest first, whether or not it could deliver it now: a listing outlives the keys it was
 * made for.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`; `BAD_INPUT` for what is no cursor
 */
export async function readSellersListings(ask: Ask, options: readSellersListings.Options): Promise<Page<ListingRow>> {
  const open = { seller: options.seller.toLowerCase(), state: 'OPEN', expiry_gt: String(options.now) }
  return askListings(ask, open, options)
}

async function askListings(ask: Ask, wanted: object, options: Asking & Paging): Promise<Page<ListingRow>> {
  const size = pageSize(options)
  const where = { and: [wanted, ...after(options.cursor, 'unitPrice', 'asc')] }
  const answer = await ask('listings', { where, first: size + 1 }, options)
  const rows = answer.many('listings', size + 1, toListing)
  const page = toPage(rows, size, ({ unitPrice, id }) => ({ value: unitPrice, id }))
  return { ...page, rows: distinct(page.rows, ({ id }) => id) }
}

function toListing(entry: Fields): ListingRow {
  return {
    id: entry.id('id'),
    editionId: hexToBigInt(entry.one('edition').hex('id', HASH_BYTES)),
    seller: entry.one('seller').address('id'),
    unitPrice: entry.amount('unitPrice'),
    token: entry.one('token').address('id'),
    quantity: entry.amount('quantity'),
    expiry: entry.amount('expiry'),
  }
}
