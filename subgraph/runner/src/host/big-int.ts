import { RunnerError } from '../errors.ts'

/** graph-node refuses more (graph/src/data/store/scalar/bigint.rs, `MAX_BITS`). */
const MAX_BYTES = Math.ceil(435_412 / 8)
const WORD_BYTES = 8

const scratch = new DataView(new ArrayBuffer(WORD_BYTES))
/** What `toScratch` leaves. */
export const scratchBytes = new Uint8Array(scratch.buffer)

/**
 * A number as graph-ts keeps its BigInt: two's complement, the lowest byte first, no more bytes than needed; 0 is one byte.
 * Throws MAPPING_FAILED for numbers of more than 435,412 bits.
 */
export function toSignedBytes(value: bigint): Uint8Array<ArrayBuffer> {
  if (BigInt.asIntN(64, value) === value) return toShortBytes(value)
  const words: bigint[] = []
  let left = value
  while (BigInt.asIntN(64, left) !== left) {
    words.push(BigInt.asUintN(64, left))
    left >>= 64n
    if (words.length * WORD_BYTES > MAX_BYTES) throw new RunnerError('MAPPING_FAILED', 'BigInt is too big.')
  }
  const bytes = new Uint8Array((words.length + 1) * WORD_BYTES)
  const view = new DataView(bytes.buffer)
  words.forEach((word, index) => view.setBigUint64(index * WORD_BYTES, word, true))
  view.setBigInt64(words.length * WORD_BYTES, left, true)
  return trim(bytes)
}

/** Leaves the bytes of a number in `scratchBytes`, and tells how many; 0 for one that has more than eight. */
export function toScratch(value: bigint): number {
  if (BigInt.asIntN(64, value) !== value) return 0
  scratch.setBigInt64(0, value, true)
  return significantLength(scratchBytes)
}

function toShortBytes(value: bigint): Uint8Array<ArrayBuffer> {
  const length = toScratch(value)
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 1) bytes[at] = scratchBytes[at] ?? 0
  return bytes
}

/** Takes away high bytes that only repeat the sign. */
function trim(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return bytes.subarray(0, significantLength(bytes))
}

function significantLength(bytes: Uint8Array): number {
  let length = bytes.length
  while (length > 1) {
    const high = bytes[length - 1] ?? 0
    const isNegative = ((bytes[length - 2] ?? 0) & 0x80) !== 0
    if (high !== (isNegative ? 0xff : 0)) break
    length -= 1
  }
  return length
}

/** The number that such bytes stand for; none stand for 0. */
export function fromSignedBytes(bytes: Uint8Array): bigint {
  const fill = ((bytes.at(-1) ?? 0) & 0x80) === 0 ? 0 : 0xff
  let value = fill === 0 ? 0n : -1n
  for (let end = Math.ceil(bytes.length / WORD_BYTES) * WORD_BYTES; end > 0; end -= WORD_BYTES) {
    for (let at = 0; at < WORD_BYTES; at += 1) scratch.setUint8(at, bytes[end - WORD_BYTES + at] ?? fill)
    value = (value << 64n) | scratch.getBigUint64(0, true)
  }
  return value
}

function countLeading(word: Uint8Array, fill: number): number {
  let count = 0
  while (count < word.length && word[count] === fill) count += 1
  return count
}

/** The same bytes from a word of the EVM, highest byte first, without going through a bigint. */
export function wordToSignedBytes(word: Uint8Array, isSigned: boolean): Uint8Array<ArrayBuffer> {
  const isNegative = isSigned && ((word[0] ?? 0) & 0x80) !== 0
  const fill = isNegative ? 0xff : 0
  const first = countLeading(word, fill)
  // Without a byte for the sign it is read from the highest bit.
  const needsSign = first === word.length || ((word[first] ?? 0) & 0x80) !== (fill & 0x80)
  const length = word.length - first
  const bytes = new Uint8Array(length + Number(needsSign))
  for (let at = 0; at < length; at += 1) bytes[at] = word[word.length - 1 - at] ?? 0
  if (needsSign) bytes[length] = fill
  return bytes
}
