import { setTimeout as delay } from 'node:timers/promises'
import { peerIdFromString } from '@libp2p/peer-id'
import { isSluiceError } from '@sluice/sdk'
import { discard } from '@sluice/sdk/content'
import { joinSwarm } from '@sluice/sdk/client'
import type { ContentSwarm, Network, Reader, ResolvedContent } from '@sluice/sdk/client'
import type { Payer } from '@sluice/sdk/exchange'
import { bytesToHex } from 'viem'
import type { DaemonParts } from '../daemon/parts.ts'
import { countBits, hasBit } from '../store/index.ts'
import type { Bitfield, Registration } from '../store/index.ts'
import type { SwarmNetwork } from '../torrent/index.ts'
import type { RunningJob } from './job-state.ts'
import { keepBlocks, readerOf } from './reader.ts'
import type { FoundContent } from './reader.ts'
import { createTally } from './tally.ts'

/** What a content without a manifest is taken for. */
export const UNKNOWN_MIME = 'application/octet-stream'

/**
 * Makes room for a content and the blocks by which it was found, and tells the job its size; nothing goes for one that
 * was `offered`. Throws STORE_FULL.
 */
export async function makeRoom(
  parts: DaemonParts,
  job: RunningJob,
  content: FoundContent,
  { offered = false }: { readonly offered?: boolean } = {},
): Promise<void> {
  const { store } = parts
  const { record, sliceCount, byteSize } = content
  const stored = await store.create({ ...describe(content), ...describeRecord(content), offered }, { evict: !offered })
  // What came without its record, from a CAR, is told now what it is on chain.
  if (record !== undefined && stored.contentId === undefined) store.register(stored.root, record)
  await keepBlocks(parts, content)
  const { have } = await store.salvage(stored.root, job)
  job.update({ root: stored.root, slices: sliceCount, done: have, bytes: byteSize })
}

function describe({ root, access, sliceCount, leafBytes, manifest, manifestCid }: ResolvedContent) {
  return {
    root: root.toString(),
    chainKind: access,
    manifestCid: (manifestCid ?? root).toString(),
    title: manifest?.title ?? root.toString(),
    mime: manifest?.mime ?? UNKNOWN_MIME,
    sliceCount,
    byteLength: leafBytes,
  }
}

function describeRecord({ record }: ResolvedContent): Partial<Registration> {
  return record === undefined ? {} : { contentId: record.contentId, version: record.version }
}

/** A source may ask this many times what this node asks itself; beyond that it is not used. */
const PRICE_TOLERANCE = 10n

/** Look-ups for a content's sources at most, and the pause after the first one that failed. */
const ROUNDS = 3
const ROUND_PAUSE_MS = 1000

export declare namespace fetchIntoStore {
  type Options = {
    /** Who pays; without one a grant or open access is needed. */
    readonly payer?: Payer
    /** Most to pay in all, base units of the native coin. */
    readonly budget?: bigint
    /** Most to pay for one slice, base units of the native coin; ten times what this node asks itself when left out. */
    readonly maxPrice?: bigint
    /** Fetches these slices, and no others that are missing. */
    readonly only?: ReadonlySet<number>
    /** The torrent's swarm, to look there first; what it does not have is fetched from other nodes. */
    readonly torrent?: SwarmNetwork
    /** Over libp2p's streams alone. */
    readonly streamsOnly?: boolean
  }
}

/**
 * Fetches what the store does not have of a content, from everyone who serves it. Where all sources are lost on the way
 * (they restart, the machine was busy), they are looked for again.
 * @throws NO_PROVIDERS, SLICE_MISSING, INSUFFICIENT_FUNDS, ABORTED
 */
export async function fetchIntoStore(
  parts: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  options: fetchIntoStore.Options,
): Promise<void> {
  const tally = createTally()
  if (options.torrent !== undefined) {
    await fetchRound(parts, job, content, { ...options, tally }).catch((error: unknown) => {
      if (!isLost(error)) throw error
    })
  }
  const { torrent: _torrent, ...others } = options
  for (let round = 1; ; round += 1) {
    try {
      await fetchRound(parts, job, content, { ...others, tally })
      return
    } catch (error) {
      if (!isLost(error) || round === ROUNDS) throw error
      await delay(round * ROUND_PAUSE_MS, undefined, { signal: job.signal })
    }
  }
}

/** Nobody is left who has it: others may be found, or the same ones again. */
function isLost(error: unknown): boolean {
  return isSluiceError(error, 'NO_PROVIDERS') || isSluiceError(error, 'SLICE_MISSING')
}

type RoundOptions = fetchIntoStore.Options & { readonly tally: ReturnType<typeof createTally> }

async function fetchRound(
  parts: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  { tally, budget, ...options }: RoundOptions,
): Promise<void> {
  const { store } = parts
  const via = options.torrent === undefined ? 'libp2p' : 'torrent'
  const root = content.root.toString()
  const missing = countMissing(store.has(root), content.sliceCount, options.only)
  if (missing === 0) return
  const swarm = join(parts, job, content, {
    missing,
    ...options,
    ...(budget === undefined ? {} : { budget: budget - tally.spent() }),
  })
  try {
    for await (const { index, bytes } of swarm.slices({ first: 0, last: content.sliceCount - 1 })) {
      await store.writeSlice(root, index, bytes)
      discard(bytes)
      job.update({ done: job.state().done + 1, ...tally.with(swarm, via) })
    }
    await store.sync(root)
  } finally {
    await swarm.close()
    job.update(tally.with(swarm, via))
    tally.settle(swarm, via)
  }
}

/** Where sources are looked for, and how they are reached. */
function networkFor({ network }: Reader, { torrent, streamsOnly }: fetchIntoStore.Options): Network {
  const { waysTo: _ways, ...plain } = network
  if (torrent !== undefined) return { ...plain, ...torrent }
  return streamsOnly === true ? plain : network
}

function countMissing(here: Bitfield | undefined, sliceCount: number, only?: ReadonlySet<number>): number {
  if (here === undefined) return sliceCount
  if (only === undefined) return sliceCount - countBits(here)
  return [...only].filter((index) => !hasBit(here, index)).length
}

function join(
  parts: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  { payer, budget, missing, only, ...options }: fetchIntoStore.Options & { missing: number },
): ContentSwarm {
  const { store, grants, host, log, config } = parts
  const tolerated = config.price.amount * PRICE_TOLERANCE
  const maxPrice = options.maxPrice ?? (tolerated === 0n ? undefined : tolerated)
  const here = store.has(content.root.toString())
  const reader = readerOf(parts, content.root.toString())
  return joinSwarm({ ...reader, network: networkFor(reader, options) }, content, {
    mode: 'download',
    signal: job.signal,
    clientId: bytesToHex(host.peerId.toMultihash().bytes),
    have: (index) => (here !== undefined && hasBit(here, index)) || only?.has(index) === false,
    remaining: missing,
    onReport: ({ peerId, error }) => log.info({ job: job.id, peerId, code: error.code }, 'a source is not used'),
    ...(budget === undefined ? {} : { budget }),
    ...(maxPrice === undefined ? {} : { maxPrice }),
    ...(payer === undefined
      ? { grantFrom: ({ peerId }, signal) => grants.ask(peerIdFromString(peerId), content.root, signal) }
      : { payer }),
  })
}
