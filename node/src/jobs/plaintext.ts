import { SLICE_BYTES, LEAF_BYTES, openSlice } from '@sluice/sdk/content'
import type { SliceKeys } from '@sluice/sdk/content'
import type { ResolvedContent } from '@sluice/sdk/client'

/** How a content's slices are read here and, where it is sealed, opened. */
export type PlaintextSource = {
  readonly content: Pick<ResolvedContent, 'access' | 'sliceCount' | 'byteSize'>
  /** Present for sealed content. */
  readonly keys?: SliceKeys
  /** Resolves once the slice is here; rejects when it will never be. */
  slice(index: number): Promise<Uint8Array>
}

/** Streams plaintext bytes `first..last`, both included, one slice at a time and no faster than they are read. */
export function streamPlaintext(source: PlaintextSource, first: number, last: number): ReadableStream<Uint8Array> {
  const chunkBytes = source.content.access === 'sealed' ? SLICE_BYTES : LEAF_BYTES
  let position = first
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (position > last) return controller.close()
        const index = Math.floor(position / chunkBytes)
        const chunk = await openChunk(source, index)
        const start = position - index * chunkBytes
        const end = Math.min(chunk.length, last + 1 - index * chunkBytes)
        position += end - start
        controller.enqueue(chunk.subarray(start, end))
      },
    },
    { highWaterMark: 1 },
  )
}

async function openChunk({ content, keys, slice }: PlaintextSource, index: number): Promise<Uint8Array> {
  const bytes = await slice(index)
  if (keys === undefined) return bytes
  return openSlice({ key: keys.keyOf(index), index, sliceCount: content.sliceCount }, bytes)
}
