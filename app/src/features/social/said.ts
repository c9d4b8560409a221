import type { CommentRow } from '@sluice/sdk/graph'
import { decodeComment, SOCIAL_ACTION_KINDS } from '@sluice/sdk/social'
import type { SocialDeed, SocialReport } from '@sluice/sdk/social'
import { isAddressEqual, isHex, pad } from 'viem'
import type { Hex } from 'viem'

/** Something that the wallet said through this browser, and how far it is. */
export type Said = SocialReport & {
  /** Why it will not be done, or is not followed any more. */
  readonly error?: unknown
}

type Kind = SocialDeed['kind']

export function kindOf({ post }: SocialReport): Kind | undefined {
  const kind = SOCIAL_ACTION_KINDS[post.action.kind]
  return kind === 'none' ? undefined : kind
}

/** A comment's text; empty where the block that came along is none. */
export function textOf({ post: { comment } }: SocialReport): string {
  try {
    return comment === undefined ? '' : decodeComment(comment)
  } catch {
    return ''
  }
}

/** Whether it is neither done nor given up. */
export function isOnItsWay({ state, error }: Said): boolean {
  return error === undefined && (state === 'pending' || state === 'submitted')
}

/** The last word about a subject (a content id, or an account) among some kinds of deeds. */
export function lastWord(said: readonly Said[], kinds: readonly Kind[], subject?: Hex): Said | undefined {
  return said
    .filter((item) => {
      const kind = kindOf(item)
      return kind !== undefined && kinds.includes(kind) && (subject === undefined || isAbout(item, subject))
    })
    .toSorted(bySaid)
    .at(-1)
}

/** Comments on a content that the list of those on chain does not have, the newest first. */
export function commentsUnderway(said: readonly Said[], contentId: Hex, listed: readonly CommentRow[]): Said[] {
  return said
    .filter((item) => kindOf(item) === 'comment' && isAbout(item, contentId))
    .filter((item) => item.error !== undefined || !listed.some((row) => isRowOf(row, item)))
    .toSorted(bySaid)
    .toReversed()
}

/** The comment that it answers, as the list knows comments. */
export function parentOf({ post }: SocialReport): Hex | undefined {
  return isHex(post.action.parent) && BigInt(post.action.parent) !== 0n ? post.action.parent : undefined
}

function isAbout({ post }: Said, subject: Hex): boolean {
  return post.action.subject.toLowerCase() === pad(subject).toLowerCase()
}

/** The same words may be said again later, and are another comment. */
function isRowOf({ digest, author, at }: CommentRow, { post: { action } }: Said): boolean {
  return digest === action.value && isAddressEqual(author, action.wallet) && BigInt(at) >= action.issuedAt
}

function bySaid({ post: { action: left } }: Said, { post: { action: right } }: Said): number {
  return Number(left.issuedAt - right.issuedAt) || (left.nonce < right.nonce ? -1 : 1)
}
