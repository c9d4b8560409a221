import { bytesToBigInt, bytesToHex, concat, getAddress, hexToBytes, toHex } from 'viem'
import type { Hex } from 'viem'
import { sha256 } from '../content/bytes.ts'
import { SluiceError } from '../errors.ts'
import { MAX_COMMENT_BYTES } from './comment-block.ts'
import { SOCIAL_ACTION_KINDS } from './deed.ts'
import type { SignedSocialAction } from './sign-action.ts'

/** An action as it travels between pages and nodes, with the comment's block where it is a comment. */
export type SocialPost = SignedSocialAction & { readonly comment?: Uint8Array }

/** Bytes of an action and its signature, every field at its full width. */
export const SOCIAL_ACTION_BYTES = 293
export const MAX_SOCIAL_POST_BYTES = SOCIAL_ACTION_BYTES + MAX_COMMENT_BYTES

const WORD = 32
const WIDTHS = [20, WORD, WORD, 1, WORD, WORD, WORD, WORD, 8, 8, WORD, WORD] as const
const COMMENT = SOCIAL_ACTION_KINDS.indexOf('comment')

/**
 * `wallet qx qy kind subject value parent nonce issuedAt deadline r s`, big-endian at their full widths (293 bytes),
 * then the comment's block.
 */
export function encodeSocialPost({ action, signature, comment }: SocialPost): Uint8Array {
  const { wallet, session, kind, subject, value, parent, nonce, issuedAt, deadline } = action
  const head: Hex = concat([
    wallet,
    ...[session.qx, session.qy],
    toHex(kind, { size: 1 }),
    ...[subject, value, parent],
    toHex(nonce, { size: WORD }),
    ...[issuedAt, deadline].map((time) => toHex(time, { size: 8 })),
    ...[signature.r, signature.s],
  ])
  const bytes = new Uint8Array(SOCIAL_ACTION_BYTES + (comment?.length ?? 0))
  bytes.set(hexToBytes(head))
  if (comment !== undefined) bytes.set(comment, SOCIAL_ACTION_BYTES)
  return bytes
}

/**
 * Reads what a stranger sent: its form only, not whether it may be said. A comment comes with its block, anything else
 * alone.
 * @throws `BAD_INPUT` for another length, an unknown kind, or a block that is not the one that the comment names.
 */
export async function decodeSocialPost(bytes: Uint8Array): Promise<SocialPost> {
  if (bytes.length < SOCIAL_ACTION_BYTES || bytes.length > MAX_SOCIAL_POST_BYTES) {
    throw refuse(`${bytes.length} bytes`)
  }
  const signed = decodeAction(bytes)
  if (signed.action.kind === 0 || signed.action.kind >= SOCIAL_ACTION_KINDS.length) throw refuse('of an unknown kind')
  const comment = bytes.slice(SOCIAL_ACTION_BYTES)
  if (signed.action.kind !== COMMENT) {
    if (comment.length > 0) throw refuse('with more bytes than it has')
    return signed
  }
  if (bytesToHex(await sha256(comment)) !== signed.action.value) throw refuse('without the text that it names')
  return { ...signed, comment }
}

function decodeAction(bytes: Uint8Array): SignedSocialAction {
  let at = 0
  const parts = WIDTHS.map((width) => bytes.subarray(at, (at += width)))
  const hex = (index: number): Hex => bytesToHex(parts[index] ?? new Uint8Array())
  const number = (index: number): bigint => bytesToBigInt(parts[index] ?? new Uint8Array())
  const action = {
    wallet: getAddress(hex(0)),
    session: { qx: hex(1), qy: hex(2) },
    kind: Number(number(3)),
    ...{ subject: hex(4), value: hex(5), parent: hex(6) },
    ...{ nonce: number(7), issuedAt: number(8), deadline: number(9) },
  }
  return { action, signature: { r: hex(10), s: hex(11) } }
}

function refuse(what: string): SluiceError {
  return new SluiceError('BAD_INPUT', `This is no social action: ${what}.`)
}
