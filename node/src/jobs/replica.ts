import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { ResolvedContent } from '@sluice/sdk/client'
import type { DaemonParts } from '../daemon/parts.ts'
import type { Store } from '../store/index.ts'
import { fetchIntoStore, makeRoom } from './fetch-into-store.ts'
import type { RunningJob } from './job-state.ts'
import type { OfferPolicy, ReplicaPlace } from './offer-policy.ts'
import { resolveFor } from './reader.ts'
import { fetchPublicBlocks } from './seed.ts'
import type { Prepared } from './types.ts'

/** A replica that takes longer is given up, so that a slow source cannot keep its place for ever. */
const MAX_MS = 6 * 3_600_000
const TOO_MUCH = 'It is more than this node accepts from others.'

/**
 * Takes a copy of a content that a peer offers, on a grant or for nothing, without letting anything go for it; it is not
 * pinned. Where it is refused or fails, nothing of it stays, blocks included, that was not here before.
 * @throws NOT_ENTITLED where the owner's limits do not allow it, STORE_FULL, CONTENT_UNKNOWN, NO_PROVIDERS
 */
export async function startReplica(
  parts: DaemonParts,
  job: RunningJob,
  { reference, version }: { readonly reference: string; readonly version?: number | undefined },
  policy: OfferPolicy,
): Promise<Prepared> {
  const { store } = parts
  const content = await resolveFor(parts, job, reference, version)
  job.signal.throwIfAborted()
  const root = content.root.toString()
  // Sealed content that the chain does not know could never be sold.
  if (content.access === 'sealed' && content.record === undefined) throw refused('It is not named by its content id.')
  const isNew = store.get(root) === undefined
  const isWhole = store.get(root)?.have === content.sliceCount
  if (isWhole || policy.isTaking(root)) return { run: () => Promise.resolve() }
  const place = policy.take(root, content.leafBytes + bytesOf(content.blocks), keptBytes(store, root))
  if (place === undefined) throw refused(TOO_MUCH)
  const limited = limitBlocks(parts, place)
  try {
    await makeRoom(limited, job, content, { offered: true })
    job.signal.throwIfAborted()
  } catch (error) {
    place.leave()
    if (isNew) await removeUnwanted(parts, root)
    throw error
  }
  return { run: () => fetchReplica(limited, job, content, isNew).finally(() => place.leave()) }
}

async function fetchReplica(
  parts: DaemonParts,
  job: RunningJob,
  content: ResolvedContent,
  isNew: boolean,
): Promise<void> {
  const root = content.root.toString()
  const late = (): void => job.fail(new SluiceError('TIMEOUT', 'The replica took too long.'))
  const timer = setTimeout(late, MAX_MS).unref()
  try {
    await fetchPublicBlocks(parts, job, content)
    await fetchIntoStore(parts, job, content, {})
  } catch (error) {
    // The swarm may have failed of something else by the time it learns that the node stops.
    const isStopped = isSluiceError(job.signal.reason, 'ABORTED')
    if (isNew && !isStopped) await removeUnwanted(parts, root)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** The blocks of a replica are as much a stranger's doing as its slices: lockboxes and thumbnail may be more than those. */
function limitBlocks(parts: DaemonParts, place: ReplicaPlace): DaemonParts {
  const { network, store } = parts
  return {
    ...parts,
    network: {
      ...network,
      async fetchBlock(cid, options) {
        const here = await store.blocks.get(cid.toString())
        const block = here ?? (await network.fetchBlock(cid, options))
        if (here !== undefined || place.more(block.length, keptBytes(store))) return block
        throw refused(TOO_MUCH)
      },
    },
  }
}

/** What all other replicas that were offered take here, blocks included. */
function keptBytes(store: Pick<Store, 'list' | 'blocks'>, except?: string): number {
  const kept = store.list().filter(({ offered, root }) => offered && root !== except)
  return kept.reduce((sum, { root, byteLength }) => sum + byteLength + store.blocks.bytesFor(root), 0)
}

function bytesOf(blocks: ReadonlyMap<string, Uint8Array>): number {
  return [...blocks.values()].reduce((sum, { length }) => sum + length, 0)
}

/** Removes what came as an offer, unless its owner has asked for it meanwhile. */
async function removeUnwanted({ store }: Pick<DaemonParts, 'store'>, root: string): Promise<void> {
  const held = store.get(root)
  if (held?.offered === true && !held.pinned) await store.remove(root)
}

function refused(reason: string): SluiceError {
  return new SluiceError('NOT_ENTITLED', `The offer is not taken. ${reason}`)
}
