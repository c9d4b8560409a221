import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concatBytes, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** An element of ristretto255 (RFC 9496), a group of prime order. */
export type Point = InstanceType<typeof ristretto255.Point>

/** Bytes of an encoded point or scalar. */
export const ELEMENT_BYTES = 32

/** Order of the group. */
export const ORDER = ristretto255.Point.Fn.ORDER

/** Generator of commitments. */
export const BASE: Point = ristretto255.Point.BASE

/**
 * Generator of keepers' keys and of the shared secret; nobody knows its logarithm to {@link BASE}. RFC 9380's
 * hash_to_ristretto255 with the suite's own name, `ristretto255_XMD:SHA-512_R255MAP_RO_`, as domain separation.
 */
export const KEEPER_BASE: Point = ristretto255_hasher.hashToCurve(utf8ToBytes('sluice/pvss/1/G'))

/** Decodes a point; `undefined` for the identity and for every encoding but the canonical one. */
export function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    const point = ristretto255.Point.fromBytes(bytes)
    return point.is0() ? undefined : point
  } catch {
    return undefined
  }
}

/** Decodes 32 little-endian bytes; `undefined` for a value at or above the order. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  const value = bytes.length === ELEMENT_BYTES ? littleEndian(bytes) : ORDER
  return value < ORDER ? value : undefined
}

/** 32 bytes, little-endian, as RFC 9496 has it. */
export function encodeScalar(scalar: bigint): Uint8Array {
  return ristretto255.Point.Fn.toBytes(mod(scalar))
}

/** A uniform scalar, never zero. */
export function randomScalar(): bigint {
  const scalar = mod(littleEndian(randomBytes(64)))
  return scalar === 0n ? randomScalar() : scalar
}

/** SHA-512 over a tag and fields of fixed width, little-endian, reduced by the order. */
export function hashToScalar(tag: string, ...fields: Uint8Array[]): bigint {
  return mod(littleEndian(sha512(concatBytes(utf8ToBytes(tag), ...fields))))
}

/** The value in `0 .. order − 1`. */
export function mod(value: bigint): bigint {
  return ristretto255.Point.Fn.create(value)
}

/** The scalar's inverse; it must not be zero. */
export function invert(scalar: bigint): bigint {
  return ristretto255.Point.Fn.inv(scalar)
}

/** `left·P + right·Q`, for public values: its time depends on them. */
export function combine(P: Point, left: bigint, Q: Point, right: bigint): Point {
  return P.multiplyUnsafe(left).add(Q.multiplyUnsafe(right))
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}
