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
  return readSignedBytes(bytes, 0, bytes.length)
}

/** The same, of some of the bytes. */
export function readSignedBytes(bytes: Uint8Array, start: number, length: number): bigint {
  const isNegative = length > 0 && ((bytes[start + length - 1] ?? 0) & 0x80) !== 0
  const fill = isNegative ? 0xff : 0
  let value = isNegative ? -1n : 0n
  let place = Math.ceil(length / WORD_BYTES) * WORD_BYTES
  if (place <= WORD_BYTES) {
    readWord(bytes, start, length, fill)
    return scratch.getBigInt64(0, true)
  }
  while (place > 0) {
    place -= WORD_BYTES
    readWord(bytes, start + place, length - place, fill)
    value = (value << 64n) | scratch.getBigUint64(0, true)
  }
  return value
}

/** Puts up to eight bytes into `scratchBytes`, and `fill` where there are fewer. */
function readWord(bytes: Uint8Array, start: number, length: number, fill: number): void {
  for (let at = 0; at < WORD_BYTES; at += 1) scratchBytes[at] = at < length ? (bytes[start + at] ?? 0) : fill
}

/** How a number that lies highest byte first is written lowest byte first. */
export type Reversal = {
  /** Bytes that it takes then. */
  readonly length: number
  /** Those of them that are read, from the end. */
  readonly read: number
  /** What the one behind them is, if there is one: it says the sign. */
  readonly fill: number
}

/** Of a word of the EVM, or of any other length: without going through a bigint. */
export function reversalOf(bytes: Uint8Array, start: number, length: number, isSigned: boolean): Reversal {
  const fill = isSigned && ((bytes[start] ?? 0) & 0x80) !== 0 ? 0xff : 0
  let first = 0
  while (first < length && bytes[start + first] === fill) first += 1
  // Without a byte for the sign it is read from the highest bit.
  const needsSign = first === length || ((bytes[start + first] ?? 0) & 0x80) !== (fill & 0x80)
  const read = length - first
  return { length: read + Number(needsSign), read, fill }
}
