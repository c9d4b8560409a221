import type { Proof } from './equality-proof.ts'
import { combine, hashToScalar, KEEPER_BASE, mod, randomScalar } from './group.ts'
import type { Point } from './group.ts'

/** What a proof of possession is made over. */
export type Possession = {
  /** Keeps proofs of one kind from being taken for another. */
  readonly tag: string
  /** Hash of everything that the proof is about, the public key included: 32 bytes. */
  readonly statement: Uint8Array
}

/** Proves knowledge of the secret of a keeper's key (Schnorr 1991, made non-interactive by Fiat and Shamir). */
export function provePossession({ tag, statement }: Possession, secret: bigint): Proof {
  const nonce = randomScalar()
  const challenge = hashToScalar(tag, statement, KEEPER_BASE.multiply(nonce).toBytes())
  return { challenge, response: mod(nonce - challenge * secret) }
}

/** Whether the proof holds for exactly this statement and key. */
export function verifyPossession({ tag, statement }: Possession, publicKey: Point, proof: Proof): boolean {
  const commitment = combine(KEEPER_BASE, proof.response, publicKey, proof.challenge)
  return hashToScalar(tag, statement, commitment.toBytes()) === proof.challenge
}
