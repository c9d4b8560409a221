import {
  assertPlaintextDigest,
  createPlaintextDigest,
  LEAF_BYTES,
  openSlice,
  sha256,
  SLICE_BYTES,
} from '../content/index.ts'
import type { SliceKeys } from '../content/index.ts'
import { SluiceError } from '../errors.ts'
import type { ResolvedContent } from './resolve-content.ts'

/** How a content's slices are had and, where it is sealed, opened. */
export type PlaintextSource = {
  readonly content: Pick<ResolvedContent, 'access' | 'sliceCount' | 'byteSize'>
  /** Present for sealed content. */
  readonly keys?: SliceKeys
  /** What the creator vouched for; checked when a content is read whole. */
  readonly plaintextDigest?: Uint8Array
  /** A verified slice, as stored. */
  slice(index: number, signal: AbortSignal): Promise<Uint8Array>
}

/** Plaintext bytes that slice `index` holds. */
function chunkBytesOf({ access }: Pick<ResolvedContent, 'access'>): number {
  return access === 'sealed' ? SLICE_BYTES : LEAF_BYTES
}

/**
 * Plaintext bytes `first..last`, both included, slice by slice and no faster than they are taken.
 * @throws DECRYPT_FAILED, NOT_ENTITLED outside an edition's slices, FRAUD_PROVEN after the last byte of a whole content
 * that is not what its creator vouched for, whatever `slice` throws
 */
export async function* readPlaintext(
  source: PlaintextSource,
  { first, last, signal }: { first: number; last: number; signal: AbortSignal },
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunkBytes = chunkBytesOf(source.content)
  const whole = first === 0 && last === source.content.byteSize - 1
  const digest = whole && source.plaintextDigest !== undefined ? createPlaintextDigest() : undefined
  for (let position = first; position <= last;) {
    const index = Math.floor(position / chunkBytes)
    const chunk = await openChunk(source, index, signal)
    digest?.add(await sha256(chunk))
    const start = position - index * chunkBytes
    const end = Math.min(chunk.length, last + 1 - index * chunkBytes)
    if (end <= start) throw new SluiceError('MANIFEST_INVALID', `Slice ${index} is shorter than the manifest says.`)
    position += end - start
    yield chunk.subarray(start, end)
  }
  if (digest !== undefined && source.plaintextDigest !== undefined) {
    assertPlaintextDigest(digest.digest(), source.plaintextDigest)
  }
}

async function openChunk(
  { content, keys, slice }: PlaintextSource,
  index: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (keys !== undefined && !keys.covers(index)) {
    throw new SluiceError('NOT_ENTITLED', `This edition does not open slice ${index}.`)
  }
  const bytes = await slice(index, signal)
  if (keys === undefined) return bytes
  return openSlice({ key: keys.keyOf(index), index, sliceCount: content.sliceCount }, bytes)
}
