import { sha256 as sha256Sync } from '@noble/hashes/sha2.js'
import { SluiceError } from '../errors.ts'
import { equalBytes, sha256 } from './bytes.ts'

/** Accumulates what a whole edition's lockbox says of the plaintext, over slices in order. */
export type PlaintextDigest = {
  /** Adds the sha2-256 of the next slice's plaintext, 32 bytes. */
  add(sliceDigest: Uint8Array): void
  digest(): Uint8Array
}

/**
 * sha2-256 over the concatenated sha2-256 of every plaintext slice. Unlike one hash over the whole file it can be
 * computed natively and in parallel.
 */
export function createPlaintextDigest(): PlaintextDigest {
  const hash = sha256Sync.create()
  return { add: (sliceDigest) => void hash.update(sliceDigest), digest: () => hash.clone().digest() }
}

/**
 * Compares a content that was opened whole, in order, with what its creator sealed into the lockbox.
 * @throws FRAUD_PROVEN when they differ: every slice matched the manifest, so only the creator can have caused it.
 */
export async function verifyPlaintext(slices: AsyncIterable<Uint8Array>, expected: Uint8Array): Promise<void> {
  const digest = createPlaintextDigest()
  for await (const slice of slices) digest.add(await sha256(slice))
  assertPlaintextDigest(digest.digest(), expected)
}

/** Throws FRAUD_PROVEN unless the digests are equal. */
export function assertPlaintextDigest(actual: Uint8Array, expected: Uint8Array): void {
  if (equalBytes(actual, expected)) return
  throw new SluiceError('FRAUD_PROVEN', 'The content decrypts to something else than its creator vouched for.', {
    hint: 'The slices match the manifest on chain, so this is the creator’s doing and not a seeder’s.',
  })
}
