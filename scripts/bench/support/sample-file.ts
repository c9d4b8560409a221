import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

const PIECE_BYTES = 2 ** 20

/** A file on disk and its SHA-256 in hex. */
export type SampleFile = { readonly path: string; readonly bytes: number; readonly sha256: string }

/** Writes a file of random bytes, none of which come twice: a store that keeps equal blocks once gains nothing. */
export async function writeSampleFile(directory: string, bytes: number): Promise<SampleFile> {
  const path = join(directory, 'sample.bin')
  const hash = createHash('sha256')
  await using file = await open(path, 'w')
  for (let left = bytes; left > 0; left -= PIECE_BYTES) {
    const piece = randomBytes(Math.min(left, PIECE_BYTES))
    hash.update(piece)
    await file.writeFile(piece)
  }
  return { path, bytes, sha256: hash.digest('hex') }
}

/** Throws when the pieces together are other bytes than those of `sha256`. */
export async function requireSha256(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  sha256: string,
): Promise<void> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  const got = hash.digest('hex')
  if (got !== sha256) throw new Error(`other bytes came: ${got} instead of ${sha256}`)
}
