import { sha256, shortSha256, splitBytes } from './bytes.ts'
import { HASH_BYTES, LEAF_BYTES } from './constants.ts'

/** What a storage challenge opens of a leaf. */
export const PIECE_BYTES = 4096

const PIECES = LEAF_BYTES / PIECE_BYTES
const PAIR_BYTES = 2 * HASH_BYTES

/**
 * Root of the sha2-256 tree over a leaf's 4 KiB pieces: always 64 places (6 levels), so that every proof has six
 * siblings; a piece beyond the leaf's end counts as 32 zero bytes.
 */
export async function chunkRootOf(leaf: Uint8Array): Promise<Uint8Array> {
  const level = new Uint8Array(PIECES * HASH_BYTES)
  const digests = await Promise.all(splitBytes(leaf, PIECE_BYTES).map(async (piece) => sha256(piece)))
  for (const [at, digest] of digests.entries()) level.set(digest, at * HASH_BYTES)
  for (let width = PIECES; width > 1; width /= 2) {
    for (let pair = 0; pair < width / 2; pair += 1) {
      level.set(shortSha256(level.subarray(pair * PAIR_BYTES, (pair + 1) * PAIR_BYTES)), pair * HASH_BYTES)
    }
  }
  return level.slice(0, HASH_BYTES)
}
