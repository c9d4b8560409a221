import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import { sha256 } from '../content/bytes.ts'
import { decodeMap, encodeMap } from '../content/strict-cbor.ts'
import { SluiceError } from '../errors.ts'

/** Longest text of a comment, in UTF-16 units. */
export const MAX_COMMENT_LENGTH = 1000
/** Longest block of a comment: every unit of its text takes at most three bytes in UTF-8. */
export const MAX_COMMENT_BYTES = 4096

const FORMAT = 1
/** Control and direction-override characters, but for line breaks and tabs. */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** A comment's text as the block that travels, and the digest by which the action names it. */
export type CommentBlock = { readonly bytes: Uint8Array; readonly digest: Hex }

/** @throws `BAD_INPUT` for an empty text, one of more than 1,000 characters, or one with unprintable ones. */
export async function encodeComment(text: string): Promise<CommentBlock> {
  // An encoder would put another character in the place of half a surrogate pair.
  if (!text.isWellFormed()) throw refuse('text is broken')
  const bytes = encodeMap({ format: FORMAT, text })
  decodeComment(bytes)
  return { bytes, digest: bytesToHex(await sha256(bytes)) }
}

/**
 * Reads a comment's block from outside. It is a stranger's text, to be shown as text only.
 * @throws `BAD_INPUT` for anything else.
 */
export function decodeComment(bytes: Uint8Array): string {
  return decodeMap(bytes, MAX_COMMENT_BYTES, refuse, (reader) => {
    reader.uint('format', { min: FORMAT, max: FORMAT })
    const text = reader.text('text', { min: 1, max: MAX_COMMENT_LENGTH })
    if (text.trim() === '' || UNPRINTABLE.test(text)) throw refuse('text is empty or has unprintable characters')
    return text
  })
}

function refuse(reason: string): SluiceError {
  return new SluiceError('BAD_INPUT', `This is no comment: ${reason}.`)
}
