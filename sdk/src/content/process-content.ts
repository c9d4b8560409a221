import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { cidOfDigest, RAW } from './cid.ts'
import { createContentSummarizer, hashLeaf } from './content-summary.ts'
import type { ContentSummary, LeafHashes } from './content-summary.ts'
import type { OnBlock } from './dag-builder.ts'
import { runOrdered } from './ordered.ts'
import { rechunk } from './rechunk.ts'

/** Bytes and slices done so far, in order. */
export type ContentProgress = { readonly slices: number; readonly sliceCount: number; readonly bytes: number }

/** What `sealContent` and `leafContent` have in common. */
export type ContentSource = {
  /** The content's bytes, in pieces of any size, in buffers that are not reused. */
  readonly source: AsyncIterable<Uint8Array>
  /** Bytes that the source will yield. */
  readonly byteSize: number
  /** Slices in flight at once; 8 by default. Memory is about three slices each. */
  readonly concurrency?: number
  readonly signal?: AbortSignal
  /** Takes a leaf, several at a time and in any order; its signal aborts when anything else fails. */
  readonly onSlice: (index: number, leaf: Uint8Array, cid: CID, signal: AbortSignal) => Promise<void>
  /** Takes a node of the DAG; the root comes last. A content of one slice has none. */
  readonly onBlock: OnBlock
  readonly onProgress?: (progress: ContentProgress) => void
}

type Stages<Extra> = {
  readonly sliceCount: number
  readonly chunkBytes: number
  /** Makes a leaf from a chunk, and whatever else its maker wants to fold in order. */
  readonly toLeaf: (chunk: Uint8Array, index: number) => Promise<{ leaf: Uint8Array; extra: Extra }>
  readonly onExtra: (extra: Extra) => void
}

type Done<Extra> = { readonly hashes: LeafHashes; readonly extra: Extra; readonly bytes: number }

const DEFAULT_CONCURRENCY = 8

/** The one pipeline behind sealed and open content: cut, make leaves, hash, hand out, fold. Memory stays flat. */
export async function processContent<Extra>(options: ContentSource, stages: Stages<Extra>): Promise<ContentSummary> {
  const { byteSize, onSlice, onBlock, onProgress } = options
  const { sliceCount, chunkBytes, toLeaf, onExtra } = stages
  const summary = createContentSummarizer(sliceCount, onBlock)
  let bytes = 0

  async function task(chunk: Uint8Array, index: number, signal: AbortSignal): Promise<Done<Extra>> {
    if (index >= sliceCount) throw sizeMismatch(byteSize)
    const { leaf, extra } = await toLeaf(chunk, index)
    const hashes = await hashLeaf(leaf)
    signal.throwIfAborted()
    await onSlice(index, leaf, cidOfDigest(RAW, hashes.digest), signal)
    return { hashes, extra, bytes: chunk.length }
  }

  async function onResult(done: Done<Extra>, index: number): Promise<void> {
    await summary.add(done.hashes)
    onExtra(done.extra)
    bytes += done.bytes
    onProgress?.({ slices: index + 1, sliceCount, bytes })
  }

  await runOrdered({
    source: rechunk(options.source, chunkBytes),
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    signal: options.signal,
    task,
    onResult,
  })
  if (bytes !== byteSize) throw sizeMismatch(byteSize)
  return summary.finish()
}

function sizeMismatch(byteSize: number): SluiceError {
  return new SluiceError('BAD_INPUT', `The source did not yield the ${byteSize} bytes that were announced.`, {
    hint: 'The file changed while it was read; start again.',
  })
}
