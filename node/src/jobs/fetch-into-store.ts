import { peerIdFromString } from '@libp2p/peer-id'
import { joinSwarm } from '@sluice/sdk/client'
import type { ContentSwarm, ResolvedContent } from '@sluice/sdk/client'
import type { Payer } from '@sluice/sdk/exchange'
import { bytesToHex } from 'viem'
import type { DaemonParts } from '../daemon/parts.ts'
import { hasBit } from '../store/index.ts'
import type { RunningJob } from './job-state.ts'
import { readerOf } from './reader.ts'

/** What a content without a manifest is taken for. */
export const UNKNOWN_MIME = 'application/octet-stream'

/** Makes room for a content, and tells the job its size. Throws STORE_FULL. */
export async function makeRoom({ store }: DaemonParts, job: RunningJob, content: ResolvedContent): Promise<void> {
  const { root, access, sliceCount, leafBytes, byteSize, manifest, manifestCid, record } = content
  const stored = await store.create({
    root: root.toString(),
    chainKind: access,
    manifestCid: (manifestCid ?? root).toString(),
    title: manifest?.title ?? root.toString(),
    mime: manifest?.mime ?? UNKNOWN_MIME,
    sliceCount,
    byteLength: leafBytes,
    ...(record === undefined ? {} : { contentId: record.contentId, version: record.version }),
  })
  job.update({ root: stored.root, slices: sliceCount, done: stored.have, bytes: byteSize })
}

export declare namespace fetchIntoStore {
  type Options = {
    /** Who pays; without one a grant or open access is needed. */
    readonly payer?: Payer
    /** Most to pay in all, base units of the native coin. */
    readonly budget?: bigint
  }
}

/** Fetches what the store does not have of a content, from everyone who serves it. */
export async function fetchIntoStore(
  parts: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  options: fetchIntoStore.Options,
): Promise<void> {
  const { store } = parts
  const root = content.root.toString()
  const missing = content.sliceCount - (store.get(root)?.have ?? 0)
  if (missing === 0) return
  const swarm = join(parts, job, content, { ...options, missing })
  try {
    for await (const { index, bytes } of swarm.slices({ first: 0, last: content.sliceCount - 1 })) {
      await store.writeSlice(root, index, bytes)
      job.update({ done: job.state().done + 1, ...progressOf(swarm) })
    }
    await store.sync(root)
  } finally {
    await swarm.close()
    job.update(progressOf(swarm))
  }
}

function join(
  parts: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  { payer, budget, missing }: fetchIntoStore.Options & { missing: number },
): ContentSwarm {
  const { store, grants, host, log } = parts
  const here = store.has(content.root.toString())
  return joinSwarm(readerOf(parts), content, {
    mode: 'download',
    signal: job.signal,
    clientId: bytesToHex(host.peerId.toMultihash().bytes),
    have: (index) => here !== undefined && hasBit(here, index),
    remaining: missing,
    onReport: ({ peerId, error }) => log.info({ job: job.id, peerId, code: error.code }, 'a source is not used'),
    ...(budget === undefined ? {} : { budget }),
    ...(payer === undefined
      ? { grantFrom: ({ peerId }, signal) => grants.ask(peerIdFromString(peerId), content.root, signal) }
      : { payer }),
  })
}

function progressOf(swarm: ContentSwarm) {
  const sources = swarm.stats().filter(({ slices }) => slices > 0)
  const paid = sources.reduce((sum, source) => sum + source.paid, 0n)
  return {
    paid: paid.toString(),
    sources: sources.map(({ peerId, slices, paid: amount }) => ({ peerId, slices, paid: amount.toString() })),
  }
}
