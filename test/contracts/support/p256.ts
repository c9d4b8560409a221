import { sha256, toHex } from 'viem'
import type { Hex } from 'viem'

/** FIPS 186-5, curve P-256: the field's prime, the group's order, and the curve's b (a is −3). */
export const PRIME = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
export const HALF_ORDER = ORDER >> 1n
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** An affine point; `undefined` is the point at infinity. */
export type Point = { readonly x: bigint; readonly y: bigint } | undefined

export const GENERATOR: Point = {
  x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
}

export const word = (value: bigint): Hex => toHex(value, { size: 32 })
export const mod = (value: bigint, by: bigint): bigint => ((value % by) + by) % by

/** By Fermat: both moduli are prime. */
export const invert = (value: bigint, by: bigint): bigint => power(mod(value, by), by - 2n, by)

export function add(p: Point, q: Point): Point {
  if (p === undefined) return q
  if (q === undefined) return p
  if (p.x === q.x && p.y !== q.y) return undefined
  const slope =
    p.x === q.x
      ? mod((3n * p.x * p.x - 3n) * invert(2n * p.y, PRIME), PRIME)
      : mod((q.y - p.y) * invert(q.x - p.x, PRIME), PRIME)
  const x = mod(slope * slope - p.x - q.x, PRIME)
  return { x, y: mod(slope * (p.x - x) - p.y, PRIME) }
}

export function multiply(scalar: bigint, point: Point = GENERATOR): Point {
  let [result, base]: [Point, Point] = [undefined, point]
  for (let rest = mod(scalar, ORDER); rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = add(result, base)
    base = add(base, base)
  }
  return result
}

/** A point with this x or the next larger one that has a point. */
export function pointFrom(x: bigint): { x: bigint; y: bigint } {
  for (let next = x; ; next += 1n) {
    const square = mod(next ** 3n - 3n * next + B, PRIME)
    const y = power(square, (PRIME + 1n) / 4n, PRIME)
    if (mod(y * y, PRIME) === square) return { x: next, y }
  }
}

/** What P-256 signs for an EIP-712 digest, as a scalar. */
export const messageOf = (digest: Hex): bigint => BigInt(sha256(digest))

/** The public key under which `(nonce.x, s)` signs the digest: `(s·R − e·G) / r`. */
export function keyFor(digest: Hex, nonce: { x: bigint; y: bigint }, s: bigint): Point {
  const r = mod(nonce.x, ORDER)
  const sum = add(multiply(s, nonce), multiply(-messageOf(digest)))
  return multiply(invert(r, ORDER), sum)
}

/** Signs with a known key and nonce; s is made low. */
export function sign(digest: Hex, key: bigint, nonce: bigint): { r: bigint; s: bigint } {
  const r = mod(multiply(nonce)!.x, ORDER)
  const s = mod(invert(nonce, ORDER) * (messageOf(digest) + r * key), ORDER)
  return { r, s: s > HALF_ORDER ? ORDER - s : s }
}

/** A point as the contracts take it; infinity as zeroes. */
export function publicKeyOf(point: Point): { qx: Hex; qy: Hex } {
  return { qx: word(point?.x ?? 0n), qy: word(point?.y ?? 0n) }
}

export function signatureOf({ r, s }: { r: bigint; s: bigint }): { r: Hex; s: Hex } {
  return { r: word(r), s: word(s) }
}

function power(base: bigint, exponent: bigint, by: bigint): bigint {
  let [result, square] = [1n, base]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % by
    square = (square * square) % by
  }
  return result
}
