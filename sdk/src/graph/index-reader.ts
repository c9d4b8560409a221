import { createAsk } from './ask.ts'
import type { Asking, IndexEndpoint } from './ask.ts'
import { findAccount, readAccount } from './read-account.ts'
import type { AccountSummary } from './read-account.ts'
import { readEarningsDays, readEarningsTotals } from './read-earnings.ts'
import type { EarningsDay, EarningsFigures } from './read-earnings.ts'
import { readFeed, searchContents } from './read-feed.ts'
import type { Feed } from './read-feed.ts'
import { readHead } from './read-head.ts'
import { readKeyHoldings } from './read-keys.ts'
import { readListings, readSellersListings } from './read-listings.ts'
import type { ListingRow } from './read-listings.ts'
import { readComments, readTopic } from './read-topic.ts'
import type { CommentRow, TopicSummary } from './read-topic.ts'
import type { Address } from 'viem'
import type { Page } from './pages.ts'

/**
 * What an index is asked. All of it is for lists and figures: whoever runs an index can leave out, invent and reorder, so
 * what is signed, paid, opened or shown as a price is read from the chain. Each question has bounds of size and time, and
 * fails with `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION` for an answer of another shape, or `ABORTED`.
 */
export type IndexReader = {
  feed(options: readFeed.Options): Promise<Feed>
  search(options: searchContents.Options): Promise<Feed>
  topic(options: readTopic.Options): Promise<TopicSummary>
  comments(options: readComments.Options): Promise<Page<CommentRow>>
  account(options: readAccount.Options): Promise<AccountSummary | undefined>
  findAccount(options: findAccount.Options): Promise<Address | undefined>
  keyHoldings(options: readKeyHoldings.Options): Promise<Page<{ readonly editionId: bigint }>>
  listings(options: readListings.Options): Promise<Page<ListingRow>>
  sellersListings(options: readSellersListings.Options): Promise<Page<ListingRow>>
  earningsTotals(options: readEarningsTotals.Options): Promise<readonly EarningsFigures[]>
  earningsDays(options: readEarningsDays.Options): Promise<readonly EarningsDay[]>
  head(asking?: Asking): Promise<number>
}

/** Reads one index, which may be The Graph's or a runner's. Nothing is asked before the first question. */
export function createIndexReader(endpoint: IndexEndpoint): IndexReader {
  const ask = createAsk(endpoint)
  return {
    feed: (options) => readFeed(ask, options),
    search: (options) => searchContents(ask, options),
    topic: (options) => readTopic(ask, options),
    comments: (options) => readComments(ask, options),
    account: (options) => readAccount(ask, options),
    findAccount: (options) => findAccount(ask, options),
    keyHoldings: (options) => readKeyHoldings(ask, options),
    listings: (options) => readListings(ask, options),
    sellersListings: (options) => readSellersListings(ask, options),
    earningsTotals: (options) => readEarningsTotals(ask, options),
    earningsDays: (options) => readEarningsDays(ask, options),
    head: (asking) => readHead(ask, asking),
  }
}
