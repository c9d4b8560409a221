import { CID } from 'multiformats/cid'
import { bytesToBigInt, bytesToHex } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { SessionPublicKey, SessionSignature } from '../session/index.ts'
import { WIRE_LIMITS } from './limits.ts'
import type { SliceRange } from './messages.ts'

/** Readers of one field each: they bound it and turn it into its domain type, or throw FRAME_INVALID. */

export function invalid(what: string): SluiceError {
  return new SluiceError('FRAME_INVALID', `The peer sent ${what}.`)
}

export function exactly(bytes: Uint8Array, length: number, name: string): Uint8Array {
  if (bytes.length !== length) throw invalid(`a ${name} of ${bytes.length} bytes`)
  return bytes
}

export function atMost(bytes: Uint8Array, length: number, name: string): Uint8Array {
  if (bytes.length > length) throw invalid(`a ${name} of ${bytes.length} bytes`)
  return bytes
}

export function hex(bytes: Uint8Array): Hex {
  return bytesToHex(bytes)
}

export function word(bytes: Uint8Array): Hex {
  return bytesToHex(exactly(bytes, 32, 'word'))
}

/** Lower case, without a checksum. */
export function address(bytes: Uint8Array): Address {
  return bytesToHex(exactly(bytes, 20, 'address'))
}

export function amount(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n
  if (bytes.length > 32 || bytes[0] === 0) throw invalid('an amount that is not canonical')
  return bytesToBigInt(bytes)
}

export function uint24(value: number): number {
  if (value > 0xffffff) throw invalid(`${value} where 24 bits are the most`)
  return value
}

export function index(value: number): number {
  if (value >= WIRE_LIMITS.sliceCount) throw invalid(`slice index ${value}`)
  return value
}

export function text(value: string, length: number, name: string): string {
  if (value.length > length) throw invalid(`a ${name} of ${value.length} characters`)
  return value
}

export function point({ qx, qy }: { qx: Uint8Array; qy: Uint8Array }): SessionPublicKey {
  return { qx: word(qx), qy: word(qy) }
}

export function signature(bytes: Uint8Array): SessionSignature {
  exactly(bytes, 64, 'signature')
  return { r: bytesToHex(bytes.subarray(0, 32)), s: bytesToHex(bytes.subarray(32)) }
}

export function cid(bytes: Uint8Array): CID {
  // A view of a pooled frame must not keep the whole frame alive for the life of the connection.
  return CID.decode(atMost(bytes, WIRE_LIMITS.rootBytes, 'root').slice())
}

export function ranges(list: readonly { first: number; last: number }[]): SliceRange[] {
  if (list.length > WIRE_LIMITS.ranges) throw invalid(`${list.length} ranges`)
  return list.map(({ first, last }) => {
    if (last < first) throw invalid('a range that ends before it starts')
    return { first: index(first), last: index(last) }
  })
}
