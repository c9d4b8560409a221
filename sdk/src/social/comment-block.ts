import { sha256 } from 'viem'
import type { Hex } from 'viem'
import { decodeMap, encodeMap } from '../content/strict-cbor.ts'
import { SluiceError } from '../errors.ts'

const FORMAT = 1
/** UTF-16 units of a comment. */
export const MAX_COMMENT = 2_000
/** Room for every text of that many units in UTF-8, and the map around it. */
const MAX_BYTES = 3 * MAX_COMMENT + 64

/** A comment's block, canonical dag-cbor, and the sha2-256 that the chain is told. */
export type CommentBlock = { readonly bytes: Uint8Array; readonly digest: Hex }

/** Encodes a comment's text. @throws `BAD_INPUT` for an empty one, or one of more than 2,000 UTF-16 units. */
export function encodeComment(text: string): CommentBlock {
  const refuse = () => new SluiceError('BAD_INPUT', `A comment has 1 to ${MAX_COMMENT} characters.`)
  if (!text.isWellFormed()) throw refuse()
  const bytes = encodeMap({ format: FORMAT, text })
  read(bytes, refuse)
  return { bytes, digest: sha256(bytes) }
}

/**
 * The text of a stranger's comment, to be shown as text and nothing else. Who said it, and about what, says the chain.
 *
 * @throws `PROTOCOL_VIOLATION` for a block that is no comment.
 */
export function decodeComment(bytes: Uint8Array): string {
  return read(bytes, (reason) => new SluiceError('PROTOCOL_VIOLATION', `This block is no comment: ${reason}.`))
}

function read(bytes: Uint8Array, refuse: (reason: string) => SluiceError): string {
  return decodeMap(bytes, MAX_BYTES, refuse, (map) => {
    map.uint('format', { min: FORMAT, max: FORMAT })
    const text = map.text('text', { min: 1, max: MAX_COMMENT })
    if (text.trim() === '') throw refuse('text is blank')
    return text
  })
}
