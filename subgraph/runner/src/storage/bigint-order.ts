import { RunnerError } from '../errors.ts'

/** What graph-node lets a BigInt have (graph/src/data/store/scalar/bigint.rs, `MAX_BITS`): Postgres's numeric. */
export const MAX_BIGINT_BITS = 435_412
const MAX_BYTES = Math.ceil(MAX_BIGINT_BITS / 8)

/** Magnitudes up to this many bytes have their length in the first byte. */
const SHORT_BYTES = 126
const ZERO = 0x80
const LONG = 0xff
const LONG_HEADER_BYTES = 5
const WORD_BYTES = 8
const MAX_WORD = 2n ** 64n - 1n

/**
 * A BigInt as bytes whose order (shorter first where one starts the other) is the order of the numbers, so that SQL
 * compares and sorts the full range: `0x80 + length` and the magnitude, big-endian; `0xff`, four bytes of length and
 * the magnitude beyond 126 bytes; for a negative number every bit of its magnitude's encoding turned.
 * @throws RunnerError `VALUE_INVALID` beyond 435,412 bits, as graph-node refuses them
 */
export function encodeBigInt(value: bigint): Uint8Array {
  if (value === 0n) return Uint8Array.of(ZERO)
  if (value > 0n && value <= MAX_WORD) return encodeWord(value)
  const negative = value < 0n
  const magnitude = (negative ? -value : value).toString(16)
  const length = (magnitude.length + 1) >> 1
  if (length > MAX_BYTES) throw new RunnerError('VALUE_INVALID', `A BigInt has at most ${MAX_BIGINT_BITS} bits`)
  const header = length <= SHORT_BYTES ? 1 : LONG_HEADER_BYTES
  const bytes = Buffer.allocUnsafe(header + length)
  if (header === 1) bytes[0] = ZERO + length
  else {
    bytes[0] = LONG
    bytes.writeUInt32BE(length, 1)
  }
  bytes.write(magnitude.padStart(length * 2, '0'), header, 'hex')
  return negative ? invert(bytes) : bytes
}

const word = new DataView(new ArrayBuffer(WORD_BYTES))

/** Most numbers are that short, and every row that is written has some. */
function encodeWord(value: bigint): Uint8Array {
  word.setBigUint64(0, value)
  let first = 0
  while (word.getUint8(first) === 0) first += 1
  const length = WORD_BYTES - first
  const bytes = new Uint8Array(1 + length)
  bytes[0] = ZERO + length
  for (let at = 0; at < length; at += 1) bytes[1 + at] = word.getUint8(first + at)
  return bytes
}

/**
 * The other way round.
 * @throws RunnerError `VALUE_INVALID` for bytes that are not the encoding of a number
 */
export function decodeBigInt(bytes: Uint8Array): bigint {
  const [first] = bytes
  if (first === undefined) throw malformed()
  if (first === ZERO && bytes.length === 1) return 0n
  return first < ZERO ? -decodeMagnitude(invert(Uint8Array.from(bytes))) : decodeMagnitude(bytes)
}

function decodeMagnitude(bytes: Uint8Array): bigint {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const header = view[0] === LONG ? LONG_HEADER_BYTES : 1
  if (view.length <= header) throw malformed()
  const length = header === 1 ? view.readUInt8(0) - ZERO : view.readUInt32BE(1)
  if (view.length !== header + length) throw malformed()
  return BigInt(`0x${view.toString('hex', header)}`)
}

/** Turns every bit, in place. */
function invert<Bytes extends Uint8Array>(bytes: Bytes): Bytes {
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = ~(bytes[index] ?? 0)
  return bytes
}

function malformed(): RunnerError {
  return new RunnerError('VALUE_INVALID', 'These bytes hold no BigInt')
}
