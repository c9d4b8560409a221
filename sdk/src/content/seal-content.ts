import { sha256 } from './bytes.ts'
import { SLICE_BYTES } from './constants.ts'
import type { ContentSummary } from './content-summary.ts'
import { createPlaintextDigest } from './plaintext-digest.ts'
import { processContent } from './process-content.ts'
import type { ContentSource } from './process-content.ts'
import { createSealer } from './sealer.ts'
import { sliceCountOf } from './slice-count.ts'

export declare namespace sealContent {
  type Options = ContentSource
  type Result = ContentSummary & {
    /** Plaintext bytes. */
    readonly byteSize: number
    /** 32 bytes, made for this attempt; the creator keeps it to make editions. Secret. */
    readonly contentKey: Uint8Array
    /** sha2-256 over the slices' plaintext sha2-256; goes into whole editions' lockboxes only, never in public. */
    readonly plaintextDigest: Uint8Array
  }
}

/**
 * Encrypts a content under a fresh content key and hashes what came out. When it fails, the attempt and its key are
 * gone: a second call makes another key and other ciphertext.
 * @throws BAD_INPUT when the source does not yield `byteSize` bytes; whatever `onSlice` or `onBlock` throws.
 */
export async function sealContent(options: sealContent.Options): Promise<sealContent.Result> {
  const { byteSize } = options
  const sliceCount = sliceCountOf(byteSize, 'sealed')
  const sealer = createSealer(sliceCount)
  const plaintext = createPlaintextDigest()

  const summary = await processContent(options, {
    sliceCount,
    chunkBytes: SLICE_BYTES,
    async toLeaf(chunk, index) {
      const [leaf, extra] = await Promise.all([sealer.seal(index, chunk), sha256(chunk)])
      return { leaf, extra }
    },
    onExtra: (sliceDigest) => plaintext.add(sliceDigest),
  })
  return { ...summary, byteSize, contentKey: sealer.contentKey, plaintextDigest: plaintext.digest() }
}
