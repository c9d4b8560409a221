import { peerIdFromString } from '@libp2p/peer-id'
import { joinSwarm, parseContentReference, resolveContent } from '@sluice/sdk/client'
import type { ContentSwarm, Reader, ResolvedContent } from '@sluice/sdk/client'
import type { Payer } from '@sluice/sdk/exchange'
import { bytesToHex } from 'viem'
import type { DaemonParts } from '../daemon/parts.ts'
import { hasBit } from '../store/index.ts'
import type { RunningJob } from './job-state.ts'

/** The sdk's view of this node's network and chain. */
export function readerOf({ network, chain, config }: DaemonParts): Reader {
  const { chainId, contracts } = config.chain
  return { network, chain: chain.publicClient, chainId, contracts }
}

/** Finds out what is asked for, makes room for it, and tells the job its size. */
export async function resolveForStore(
  parts: DaemonParts,
  job: RunningJob,
  reference: string,
  version?: number,
): Promise<ResolvedContent> {
  const options = { signal: job.signal, ...(version === undefined ? {} : { version }) }
  const content = await resolveContent(readerOf(parts), parseContentReference(reference), options)
  const { root, access, sliceCount, leafBytes, manifest, manifestCid, record } = content
  const stored = await parts.store.create({
    root: root.toString(),
    chainKind: access,
    manifestCid: (manifestCid ?? root).toString(),
    title: manifest?.title ?? root.toString(),
    mime: manifest?.mime ?? 'application/octet-stream',
    sliceCount,
    byteLength: leafBytes,
    ...(record === undefined ? {} : { contentId: record.contentId, version: record.version }),
  })
  job.update({ root: stored.root, slices: sliceCount, done: stored.have, bytes: content.byteSize })
  return content
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
