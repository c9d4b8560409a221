import { bytesToHex, hexToBytes, stringToBytes } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'

const HANDLE = /^[a-z0-9_-]{3,32}$/
const WORD_BYTES = 32

/** Whether a text may be a handle: 3 to 32 of a-z, 0-9, `-` and `_`. */
export function isHandle(text: string): boolean {
  return HANDLE.test(text)
}

/**
 * A handle as the contract keeps it: its ASCII, left-aligned in one word. The empty handle, which clears, is zero.
 *
 * @throws `BAD_INPUT` for what is no handle.
 */
export function packHandle(handle: string): Hex {
  if (handle !== '' && !isHandle(handle)) {
    throw new SluiceError('BAD_INPUT', 'A handle is 3 to 32 of a-z, 0-9, - and _.', { details: { handle } })
  }
  const word = new Uint8Array(WORD_BYTES)
  word.set(stringToBytes(handle))
  return bytesToHex(word)
}

/** The text of a word, as events carry it; empty for zero, and for what {@link packHandle} would not give. */
export function unpackHandle(word: Hex): string {
  const bytes = hexToBytes(word)
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1
  const text = String.fromCharCode(...bytes.subarray(0, end))
  return isHandle(text) ? text : ''
}
