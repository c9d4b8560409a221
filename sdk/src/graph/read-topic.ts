import { concat, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import type { Ask, Asking } from './ask.ts'
import type { Fields } from './fields.ts'
import { after, distinct, pageSize, toPage } from './pages.ts'
import type { Page, Paging } from './pages.ts'

const HASH_BYTES = 32
const MAX_KINDS = 32

/** What wallets said about a content, in numbers. Anyone can make wallets, so they are advisory. */
export type TopicSummary = {
  readonly reactionCount: number
  /** By kind, the commonest first; at most 32 kinds. */
  readonly reactions: readonly { readonly kind: number; readonly count: number }[]
  /** The asking wallet's reaction; 0 for none. */
  readonly mine: number
  readonly commentCount: number
  /** Zero for what is not registered. */
  readonly viewCount: number
}

export declare namespace readTopic {
  type Options = Asking & {
    /** A content id, or an open content's meta-hash. */
    readonly topic: Hex
    /** Whose reaction to tell. */
    readonly wallet?: Address | undefined
  }
}

/**
 * Reactions, comments and views of a content.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export async function readTopic(ask: Ask, options: readTopic.Options): Promise<TopicSummary> {
  const topic = options.topic.toLowerCase() as Hex
  // Address zero reacts to nothing, so who has no wallet has no reaction.
  const reaction = concat([(options.wallet ?? zeroAddress).toLowerCase() as Hex, topic])
  const answer = await ask('topic', { topic, reaction, kinds: MAX_KINDS }, options)
  const counts = answer.isNull('topic') ? NO_COUNTS : countsOf(answer.one('topic'))
  return {
    ...counts,
    mine: answer.isNull('reaction') ? 0 : answer.one('reaction').count('kind'),
    viewCount: answer.isNull('content') ? 0 : answer.one('content').count('viewCount'),
  }
}

const NO_COUNTS = { reactionCount: 0, commentCount: 0, reactions: [] }

function countsOf(topic: Fields) {
  return {
    reactionCount: topic.count('reactionCount'),
    commentCount: topic.count('commentCount'),
    reactions: topic.many('reactionKinds', MAX_KINDS, (entry) => ({
      kind: entry.count('kind'),
      count: entry.count('count'),
    })),
  }
}

/** A comment as announced; its text is a block, which somebody must have. */
export type CommentRow = {
  readonly id: Hex
  readonly author: Address
  /** The author's handle, as the index has it. */
  readonly handle: string | null
  /** Digest of the comment that it answers. */
  readonly parent: Hex | null
  /** sha2-256 of the block that holds its text. */
  readonly digest: Hex
  /** Unix seconds. */
  readonly at: number
}

export declare namespace readComments {
  type Options = Asking & Paging & { readonly topic: Hex }
}

/**
 * Comments on a content, newest first.
 * @throws as {@link readTopic}; `BAD_INPUT` for what is no cursor
 */
export async function readComments(ask: Ask, options: readComments.Options): Promise<Page<CommentRow>> {
  const size = pageSize(options)
  const where = { and: [{ topic: options.topic.toLowerCase() }, ...after(options.cursor, 'at', 'desc')] }
  const answer = await ask('comments', { where, first: size + 1 }, options)
  const rows = answer.many('comments', size + 1, toComment)
  const page = toPage(rows, size, ({ at, id }) => ({ value: BigInt(at), id }))
  return { ...page, rows: distinct(page.rows, ({ id }) => id) }
}

function toComment(entry: Fields): CommentRow {
  const account = entry.one('account')
  return {
    id: entry.id('id'),
    author: account.address('id'),
    handle: account.handle('handle'),
    parent: entry.isNull('parent') ? null : entry.hex('parent', HASH_BYTES),
    digest: entry.hex('digest', HASH_BYTES),
    at: entry.time('at'),
  }
}
