import { LEAF_BYTES } from './constants.ts'
import type { ContentSummary } from './content-summary.ts'
import { processContent } from './process-content.ts'
import type { ContentSource } from './process-content.ts'
import { sliceCountOf } from './slice-count.ts'

export declare namespace leafContent {
  type Options = ContentSource
  type Result = ContentSummary & { readonly byteSize: number }
}

/**
 * Cuts open content into plain leaves and hashes them; the same bytes always have the same root.
 * @throws BAD_INPUT when the source does not yield `byteSize` bytes; whatever `onSlice` or `onBlock` throws.
 */
export async function leafContent(options: leafContent.Options): Promise<leafContent.Result> {
  const { byteSize } = options
  const summary = await processContent(options, {
    sliceCount: sliceCountOf(byteSize, 'open'),
    chunkBytes: LEAF_BYTES,
    toLeaf: (chunk) => Promise.resolve({ leaf: chunk, extra: undefined }),
    onExtra: () => undefined,
  })
  return { ...summary, byteSize }
}
