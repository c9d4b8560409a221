import type { Address, Hex } from 'viem'
import type { ContentKind } from '../chain/index.ts'
import { SluiceError } from '../errors.ts'
import type { Ask, Asking } from './ask.ts'
import { after, distinct, pageSize, toPage } from './pages.ts'
import type { Page, Paging } from './pages.ts'
import { searchText } from './search-text.ts'

const HASH_BYTES = 32
/** What The Graph answers at once; of a wallet that follows more, whom it followed last. */
const MAX_FOLLOWED = 1_000
/** What The Graph skips at most. */
const MAX_SKIP = 5_000

/** One place of a feed. What it is, and what it costs, says the chain. */
export type FeedRow = { readonly contentId: Hex }
export type Feed = Page<FeedRow>

type Row = FeedRow & { readonly publishedAt: bigint; readonly trendingScore: bigint }

export declare namespace readFeed {
  type Options = Asking &
    Paging & {
      readonly order: 'new' | 'trending'
      readonly kind?: ContentKind | undefined
      readonly creator?: Address | undefined
      /** Only of those whom this wallet follows. */
      readonly followedBy?: Address | undefined
    }
}

/**
 * Contents that are on sale, newest first or by what is trending. Trending is advisory: views and sales can be staged.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`; `BAD_INPUT` for what is no cursor
 */
export async function readFeed(ask: Ask, options: readFeed.Options): Promise<Feed> {
  const { order, kind, creator, followedBy, cursor } = options
  const size = pageSize(options)
  const field = order === 'new' ? 'publishedAt' : 'trendingScore'
  const following = followedBy === undefined ? undefined : await readFollowing(ask, followedBy, options)
  if (following?.length === 0) return { rows: [] }
  const where = [
    onSale(kind),
    ...(creator === undefined ? [] : [{ creator: creator.toLowerCase() }]),
    ...(following === undefined ? [] : [{ creator_in: following }]),
    ...after(cursor, field, 'desc'),
  ]
  const answer = await ask('contents', { where: { and: where }, orderBy: field, first: size + 1 }, options)
  const rows = answer.many('contents', size + 1, (content): Row => ({
    contentId: content.hex('id', HASH_BYTES),
    publishedAt: content.int64('publishedAt'),
    trendingScore: content.int64('trendingScore'),
  }))
  const page = toPage(rows, size, (row) => ({ value: row[field], id: row.contentId }))
  return { ...page, rows: toFeed(page.rows) }
}

export declare namespace searchContents {
  type Options = Asking & Paging & { readonly text: string; readonly kind?: ContentKind | undefined }
}

/**
 * Contents on sale whose title has all of the words of a text, the last one begun; best first. Nothing is asked, and
 * nothing found, where the text has no word.
 * @throws as {@link readFeed}
 */
export async function searchContents(ask: Ask, options: searchContents.Options): Promise<Feed> {
  const [text, size, skip] = [searchText(options.text), pageSize(options), parseSkip(options.cursor)]
  if (text === undefined) return { rows: [] }
  const variables = { text, where: onSale(options.kind), first: size + 1, skip }
  const answer = await ask('contentSearch', variables, options)
  const rows = answer.many('contentSearch', size + 1, (content) => ({ contentId: content.hex('id', HASH_BYTES) }))
  const next = skip + size
  const more = rows.length > size && next <= MAX_SKIP
  return { rows: toFeed(rows.slice(0, size)), ...(more && { cursor: String(next) }) }
}

/** Whom a wallet follows, latest first. */
async function readFollowing(ask: Ask, wallet: Address, asking: Asking): Promise<Hex[]> {
  const answer = await ask('following', { wallet: wallet.toLowerCase(), first: MAX_FOLLOWED }, asking)
  return answer.many('follows', MAX_FOLLOWED, (entry) => entry.one('target').hex('id', 20))
}

function onSale(kind: ContentKind | undefined): object {
  return { status: 'ACTIVE', ...(kind !== undefined && { kind: kind.toUpperCase() }) }
}

function toFeed(rows: readonly FeedRow[]): FeedRow[] {
  return distinct(
    rows.map(({ contentId }) => ({ contentId })),
    ({ contentId }) => contentId,
  )
}

/** Found contents have no order to continue from, so pages of them are counted. */
function parseSkip(cursor = '0'): number {
  if (/^\d{1,4}$/.test(cursor) && Number(cursor) <= MAX_SKIP) return Number(cursor)
  throw new SluiceError('BAD_INPUT', 'This is no place among what was found.')
}
