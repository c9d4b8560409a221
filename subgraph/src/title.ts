import { Bytes } from '@graphprotocol/graph-ts'
import { lineOf } from './text'

/**
 * The title that a publisher may write behind the arguments of `publish` or `publishVersion`: eight bytes that say so, the first
 * eight of the version's meta-hash, the title's length in one byte, the title in UTF-8. The contract reads over it; see
 * docs/adr/0017. A smart account passes it on inside its own call, so it is looked for everywhere in the transaction's input.
 */

/** The first eight bytes of sha2-256("sluice/title/1"). */
const MARK: StaticArray<u8> = [0x80, 0xce, 0xa4, 0x12, 0x29, 0x77, 0xa2, 0x32]
const MARK_BYTES = 8
const HASH_BYTES = 8
const HEAD_BYTES = MARK_BYTES + HASH_BYTES + 1

function isHead(input: Bytes, at: i32, metaHash: Bytes): boolean {
  for (let i = 0; i < MARK_BYTES; i++) {
    if (input[at + i] != MARK[i]) return false
  }
  for (let i = 0; i < HASH_BYTES; i++) {
    if (input[at + MARK_BYTES + i] != metaHash[i]) return false
  }
  return true
}

/** The title that the input names for a version; null for none, and for one that is no line of text. */
export function titleOf(input: Bytes, metaHash: Bytes): string | null {
  for (let at = 0; at + HEAD_BYTES < input.length; at++) {
    if (!isHead(input, at, metaHash)) continue
    const from = at + HEAD_BYTES
    const to = from + <i32>input[from - 1]
    return to > from && to <= input.length ? lineOf(input, from, to) : null
  }
  return null
}
