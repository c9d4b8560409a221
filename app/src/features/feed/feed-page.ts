import type { ContentKind, listContents, readContents } from '@sluice/sdk/chain'
import type { IndexReader } from '@sluice/sdk/graph'
import { isAddressEqual } from 'viem'
import type { Address, Hex } from 'viem'
import { isIndexFault } from '../../web3/index-fault.ts'

/** Which contents to show, and in which order. */
export type FeedView = {
  readonly order: 'new' | 'trending' | 'following'
  readonly kind?: ContentKind | undefined
  /** Words of the title; with any, the best match comes first and the order does not count. */
  readonly text?: string | undefined
  readonly creator?: Address | undefined
}

/** Where a page ended, in the words of what it came from. */
export type FeedCursor = { readonly index: string } | { readonly toBlock: bigint }

export type FeedPage = {
  readonly contents: readonly readContents.Listed[]
  readonly next: FeedCursor | undefined
  /** Whether the chain's logs stood in for an index that failed. */
  readonly standIn: boolean
}

export type FeedSources = {
  /** Undefined where the node names none. */
  readonly index: Pick<IndexReader, 'feed' | 'search'> | undefined
  readonly listFromLogs: (options: {
    limit: number
    toBlock?: bigint
    signal: AbortSignal
  }) => Promise<listContents.Result>
  /** What the chain says of contents. */
  readonly describe: (contentIds: readonly Hex[]) => Promise<readonly readContents.Listed[]>
  /** Whose following is meant. */
  readonly wallet: Address | undefined
}

export declare namespace readFeedPage {
  type Options = { readonly cursor: FeedCursor | undefined; readonly first: number; readonly signal: AbortSignal }
}

/**
 * One page of a feed. The index only says which contents and in which order; what they are, whose, and whether
 * they are on sale says the chain. Where there is no index, or it fails at the first page of what the logs can
 * tell too, they are read.
 */
export async function readFeedPage(
  sources: FeedSources,
  view: FeedView,
  { cursor, first, signal }: readFeedPage.Options,
): Promise<FeedPage> {
  const { index } = sources
  const keep = shows(view)
  const fromLogs = async (toBlock: bigint | undefined, standIn: boolean): Promise<FeedPage> => {
    const page = await sources.listFromLogs({ limit: first, signal, ...(toBlock !== undefined && { toBlock }) })
    const { nextToBlock } = page
    const next = nextToBlock === undefined ? undefined : { toBlock: nextToBlock }
    return { contents: page.contents.filter(keep), next, standIn }
  }
  if (cursor !== undefined && 'toBlock' in cursor) return fromLogs(cursor.toBlock, index !== undefined)
  if (index === undefined) return fromLogs(undefined, false)
  try {
    const found = await askIndex(index, sources.wallet, view, { cursor: cursor?.index, first, signal })
    const contents = await sources.describe(found.rows.map(({ contentId }) => contentId))
    const next = found.cursor === undefined ? undefined : { index: found.cursor }
    return { contents: contents.filter(keep), next, standIn: false }
  } catch (error) {
    if (cursor === undefined && logsTell(view) && isIndexFault(error)) return fromLogs(undefined, true)
    throw error
  }
}

/** Whether the chain's logs have what a view needs. */
export function logsTell({ order, text = '' }: FeedView): boolean {
  return order === 'new' && text.trim() === ''
}

type Asked = { readonly cursor: string | undefined; readonly first: number; readonly signal: AbortSignal }

async function askIndex(
  index: Pick<IndexReader, 'feed' | 'search'>,
  wallet: Address | undefined,
  { order, kind, text = '', creator }: FeedView,
  asked: Asked,
) {
  if (text.trim() !== '') return index.search({ text, kind, ...asked })
  if (order !== 'following') return index.feed({ order, kind, creator, ...asked })
  return wallet === undefined ? { rows: [] } : index.feed({ order: 'new', kind, followedBy: wallet, ...asked })
}

function shows({ kind, creator }: FeedView): (listed: readContents.Listed) => boolean {
  return ({ content }) =>
    content.status === 'active' &&
    (kind === undefined || content.kind === kind) &&
    (creator === undefined || isAddressEqual(content.creator, creator))
}
