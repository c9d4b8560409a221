import { combine, hashToScalar, mod, randomScalar } from './group.ts'
import type { Point } from './group.ts'

/** A Fiat-Shamir proof: challenge and response, both below the group's order. */
export type Proof = { readonly challenge: bigint; readonly response: bigint }

/** That two points are the same multiple of two bases. */
export type Equality = {
  readonly bases: readonly [Point, Point]
  readonly images: readonly [Point, Point]
  readonly tag: string
  /**
   * The statement, in fields of fixed width, hashed before the commitments. It must hold every point that a cheat could
   * choose: what is left out of the hash can be exchanged afterwards.
   */
  readonly statement: readonly Uint8Array[]
}

/** Proves that `images = secret·bases` (Chaum and Pedersen 1992) without showing the secret. */
export function proveEquality({ bases, tag, statement }: Equality, secret: bigint): Proof {
  const nonce = randomScalar()
  const commitments = bases.map((base) => base.multiply(nonce).toBytes())
  const challenge = hashToScalar(tag, ...statement, ...commitments)
  return { challenge, response: mod(nonce - challenge * secret) }
}

/** Whether the proof holds for exactly this statement. */
export function verifyEquality({ bases, images, tag, statement }: Equality, { challenge, response }: Proof): boolean {
  const [first, second] = bases
  const commitments = [combine(first, response, images[0], challenge), combine(second, response, images[1], challenge)]
  return hashToScalar(tag, ...statement, ...commitments.map((point) => point.toBytes())) === challenge
}
