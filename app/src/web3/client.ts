import { SluiceError } from '@sluice/sdk'
import { joinSwarm, readPlaintext, resolveContent, unlockContent } from '@sluice/sdk/client'
import type { Consumer, ContentReference, ContentSwarm, Reader, ResolvedContent } from '@sluice/sdk/client'
import { createSliceKeys, LEAF_BYTES, SLICE_BYTES } from '@sluice/sdk/content'
import type { SliceKeys } from '@sluice/sdk/content'
import { leasePayer } from './payer-lease.ts'
import { createSliceCache } from './slice-cache.ts'

/** One source of a content, and what it got for what it gave. */
export type SourceReport = {
  readonly peerId: string
  readonly slices: number
  /** Of those, slices that cost nothing where others do. */
  readonly free: number
  /** Bytes per second. */
  readonly rate: number
  /** In base units of the native coin. */
  readonly paid: bigint
}

/** What was fetched and paid so far, over all sources, those that left included. */
export type TransferReport = {
  readonly slices: number
  readonly free: number
  readonly bytes: number
  readonly paid: bigint
  readonly sources: readonly SourceReport[]
}

/** A content whose bytes can be had: found, verified, and with its keys if it needs any. */
export type ContentHandle = {
  readonly name: string
  readonly mime: string
  /** Plaintext bytes. */
  readonly byteSize: number
  readonly sliceCount: number
  readonly part: 'whole' | 'preview'
  /** Plaintext `[start, end)`, fetched little faster than it is taken. */
  read(start: number, end: number, signal: AbortSignal): AsyncIterable<Uint8Array, undefined>
  report(): TransferReport
  close(): Promise<void>
}

export type OpenOptions = {
  readonly reference: ContentReference
  /** From 1; the latest when left out. */
  readonly version?: number
  /** Most to pay for one slice. */
  readonly maxPrice?: bigint
  /** Ends the content with everything that is read from it. */
  readonly signal: AbortSignal
}

/**
 * Opens the public preview of sealed content: without wallet, session or key. @throws NOT_ENTITLED where there is none
 */
export async function openPreview(
  reader: Reader,
  { reference, signal }: Pick<OpenOptions, 'reference' | 'signal'>,
): Promise<ContentHandle> {
  const content = await resolveContent(reader, reference, { signal })
  const cover = content.manifest?.preview
  if (cover === undefined) throw new SluiceError('NOT_ENTITLED', 'This content has no public preview.')
  const keys = createSliceKeys(cover)
  const swarm = joinSwarm(reader, content, {
    mode: 'stream',
    signal,
    remaining: cover.lastSlice - cover.firstSlice + 1,
  })
  return handleOf(content, swarm, keys, 'preview')
}

/**
 * Opens a content to read any part of it: sources and keepers are asked at the same time, and nothing is paid before a
 * slice was verified. A consumer's other tabs cannot pay until it is closed.
 * @throws NOT_ENTITLED, NOT_ENOUGH_SHARES, LOCKBOX_INVALID, NO_PROVIDERS, MANIFEST_INVALID, STORE_LOCKED
 */
export async function openContent(
  reader: Reader,
  consumer: Consumer | undefined,
  { reference, version, maxPrice, signal }: OpenOptions,
): Promise<ContentHandle> {
  const content = await resolveContent(reader, reference, { signal, ...(version !== undefined && { version }) })
  const swarm = await join(reader, consumer, content, { signal, ...(maxPrice !== undefined && { maxPrice }) })
  try {
    const keys = content.access === 'sealed' ? await unlock(reader, consumer, content, signal) : undefined
    return handleOf(content, swarm, keys)
  } catch (error) {
    await swarm.close()
    throw error
  }
}

/** What is read and shown of a content; of a preview, its slices stand for the whole. */
function handleOf(
  content: ResolvedContent,
  swarm: ContentSwarm,
  keys: SliceKeys | undefined,
  part: ContentHandle['part'] = 'whole',
): ContentHandle {
  const preview = part === 'preview' ? keys : undefined
  const { firstSlice, lastSlice } = preview ?? { firstSlice: 0, lastSlice: content.sliceCount - 1 }
  const offset = firstSlice * SLICE_BYTES
  const end = preview === undefined ? content.byteSize : Math.min((lastSlice + 1) * SLICE_BYTES, content.byteSize)
  const openReader = createSliceCache(
    (index, { order, signal }) => swarm.fetchSlice(index, { deadline: Date.now() + order, signal }),
    lastSlice + 1,
  )
  const source = { content, openReader, ...(keys && { keys }) }
  return {
    name: content.manifest?.name ?? content.root.toString(),
    mime: content.manifest?.mime ?? 'application/octet-stream',
    byteSize: end - offset,
    sliceCount: lastSlice - firstSlice + 1,
    part,
    read: (first, last, wanted) => read(source, offset + first, offset + last, wanted),
    report: createReporter(swarm),
    close: () => swarm.close(),
  }
}

/** Joins as a payer if there is a consumer, which holds on to the payer until the swarm is closed. */
async function join(
  reader: Reader,
  consumer: Consumer | undefined,
  content: Parameters<typeof joinSwarm>[1],
  options: Pick<OpenOptions, 'signal' | 'maxPrice'>,
): Promise<ContentSwarm> {
  if (consumer === undefined) return joinSwarm(reader, content, { ...options, mode: 'stream' })
  const { payer, release } = await leasePayer(reader, consumer)
  const swarm = joinSwarm(reader, content, { ...options, mode: 'stream', payer })
  return { ...swarm, close: () => swarm.close().finally(release) }
}

async function unlock(
  reader: Reader,
  consumer: Consumer | undefined,
  content: Parameters<typeof unlockContent>[2],
  signal: AbortSignal,
) {
  if (consumer === undefined) throw new SluiceError('NOT_ENTITLED', 'Connect the wallet that holds a key to this.')
  return (await unlockContent(reader, consumer, content, { signal })).keys
}

type Readable = Omit<Parameters<typeof readPlaintext>[0], 'slice'> & {
  readonly openReader: ReturnType<typeof createSliceCache>
}

/** One reader's part; what it asked for ahead is given up as soon as it stops. */
async function* read(
  source: Readable,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  if (start >= end) return undefined
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const { openReader, ...plaintext } = source
  try {
    yield* readPlaintext({ ...plaintext, slice: openReader(either) }, { first: start, last: end - 1, signal: either })
    return undefined
  } finally {
    stop.abort()
  }
}

/** Sources that leave take their figures with them, so the last ones of each are remembered here. */
function createReporter(swarm: ContentSwarm): () => TransferReport {
  const known = new Map<string, SourceReport>()
  return () => {
    for (const [peerId, source] of known) known.set(peerId, { ...source, rate: 0 })
    for (const { peerId, slices, free, rate, paid } of swarm.stats()) {
      if (slices > 0) known.set(peerId, { peerId, slices, free, paid, rate: (rate ?? 0) * LEAF_BYTES })
    }
    const sources = [...known.values()].toSorted((a, b) => b.slices - a.slices)
    const slices = sources.reduce((sum, source) => sum + source.slices, 0)
    const free = sources.reduce((sum, source) => sum + source.free, 0)
    const paid = sources.reduce((sum, source) => sum + source.paid, 0n)
    return { slices, free, bytes: slices * LEAF_BYTES, paid, sources }
  }
}
