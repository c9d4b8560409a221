import type { Jobs } from '../jobs/types.ts'
import type { StoredContent } from '../store/index.ts'
import type { DaemonParts } from './parts.ts'
import { createRounds } from './rounds.ts'

/** How often what could not be completed is tried again; sooner when a peer comes. */
const RETRY_MS = 60_000
/** After a start peers gather, and who offered it may come back; what cannot be completed by then goes. */
const PATIENCE_MS = 3_600_000
/** Chain and network are asked before it goes on, and what a killed process left is read again. */
const PREPARE_MS = 600_000

type Parts = Pick<DaemonParts, 'store' | 'log'> & {
  readonly config: { readonly replication: Pick<DaemonParts['config']['replication'], 'accept'> }
  readonly host: Record<
    'addEventListener' | 'removeEventListener',
    (type: 'peer:identify', listener: () => void) => void
  >
}

/**
 * Replicas of which only a part had come when the node ended are completed, or removed: where the owner takes no offers any
 * more, and where they cannot be completed within an hour. @returns What stops it.
 */
export function resumeReplicas(
  { config, store, host, log }: Parts,
  jobs: Pick<Jobs, 'resumeReplica' | 'get'>,
  now: () => number = Date.now,
): () => Promise<void> {
  const stopped = new AbortController()
  const until = now() + PATIENCE_MS
  /** The last try's job, by root. */
  const left = new Map<string, string | undefined>()
  for (const content of store.list()) if (isPart(content)) left.set(content.root, undefined)

  async function goOn(content: StoredContent): Promise<void> {
    const { root } = content
    try {
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(PREPARE_MS)])
      left.set(root, await jobs.resumeReplica(content, { signal }))
    } catch (error) {
      log.info({ err: error, root }, 'could not go on with a replica')
    }
  }

  async function lookAfter(root: string, job: string | undefined): Promise<void> {
    const content = store.get(root)
    // All of it is here by now, it was let go, or its owner has asked for it.
    if (content === undefined || !isPart(content)) return void left.delete(root)
    if (job !== undefined && jobs.get(job)?.state === 'running') return
    if (config.replication.accept !== 'none' && now() < until) return goOn(content)
    left.delete(root)
    await store.remove(root)
    log.info({ root }, 'removed a part of a replica')
  }

  const round = async (): Promise<void> => {
    for (const [root, job] of left) if (!stopped.signal.aborted) await lookAfter(root, job)
    if (left.size === 0) host.removeEventListener('peer:identify', rounds.soon)
  }
  const rounds = createRounds(RETRY_MS, round, (error) => log.warn({ err: error }, 'could not look after replicas'))
  host.addEventListener('peer:identify', rounds.soon)
  rounds.soon()
  return async () => {
    host.removeEventListener('peer:identify', rounds.soon)
    stopped.abort()
    await rounds.stop()
  }
}

function isPart({ offered, pinned, have, sliceCount }: StoredContent): boolean {
  return offered && !pinned && have < sliceCount
}
