import { RunnerError } from '../errors.ts'

/** Fewer bytes are read faster one by one. */
const SHORT_BYTES = 64

/** What a digit of hex stands for, by its character; 16 for what is none. */
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code).toLowerCase())
  return value < 0 ? 16 : value
})

/**
 * Writes the bytes that 0x and digits stand for; an odd number of digits lacks a zero in front. Gives their number, and throws
 * RPC_FAILED for what is no digit: all hex comes from an endpoint.
 */
export function decodeHex(hex: string, to: Uint8Array, start: number): number {
  const length = (hex.length - 1) >> 1
  if (length > SHORT_BYTES && hex.length % 2 === 0) return decodeLong(hex, to, start, length)
  let [from, at, wrong] = [2, start, 0]
  if (hex.length % 2 === 1) {
    wrong |= to[at++] = valueAt(hex, from++)
  }
  for (const end = start + length; at < end; at += 1, from += 2) {
    const [high, low] = [valueAt(hex, from), valueAt(hex, from + 1)]
    wrong |= high | low
    to[at] = (high << 4) | low
  }
  if (wrong > 15) throw notHex()
  return length
}

function decodeLong(hex: string, to: Uint8Array, start: number, length: number): number {
  const buffer = Buffer.from(to.buffer, to.byteOffset + start, length)
  if (buffer.write(hex.slice(2), 'hex') !== length) throw notHex()
  return length
}

function notHex(): RunnerError {
  return new RunnerError('RPC_FAILED', 'An endpoint gives hex that is none.')
}

function valueAt(hex: string, at: number): number {
  return VALUES[hex.charCodeAt(at)] ?? 16
}
