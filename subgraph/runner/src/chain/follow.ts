import { setTimeout as sleep } from 'node:timers/promises'
import type { NewHeads } from './new-heads.ts'
import type { Sync, SyncStep } from './sync.ts'

/** How following goes, for metrics and for whoever asks. */
export type FollowState = {
  /** Why indexing does not go on at the moment; undefined while it does. It is tried again and again. */
  readonly failure: () => unknown
  /** Resolves when the store first is where the chain is. */
  readonly atHead: Promise<void>
  /** Resolves when it has ended, after the signal. */
  readonly ended: Promise<void>
}

export declare namespace follow {
  type Options = {
    readonly sync: Sync
    readonly signal: AbortSignal
    /** Between two looks at the head, in milliseconds. */
    readonly pollMs: number
    /** Tells of new blocks, where an endpoint does: while it is live, looks without a reason are far between. */
    readonly heads?: NewHeads | undefined
    /** Whenever the store is at the head: room for what can wait. */
    readonly onHead: () => void
    readonly onFailure: (error: unknown) => void
  }
}

const MAX_BACKOFF_MS = 5_000
/** Between two looks while new blocks are told of: a subscription may be dead without anybody knowing. */
const LIVE_POLL_MS = 4_000

/**
 * Steps until the signal aborts. What fails is tried again after a pause that grows: endpoints come back, and a block whose
 * handler fails may be replaced.
 */
export function follow({ sync, signal, pollMs, heads, onHead, onFailure }: follow.Options): FollowState {
  const { promise: atHead, resolve } = Promise.withResolvers<undefined>()
  let failure: unknown
  let failures = 0
  let [isAtHead, isUntold] = [false, false]
  const pauses: Record<SyncStep, number> = { 'at head': pollMs, unsteady: pollMs, advanced: 0 }
  async function step(): Promise<number> {
    try {
      const outcome = await sync.step()
      ;[failure, failures] = [undefined, 0]
      isAtHead = outcome === 'at head'
      if (isAtHead) {
        onHead()
        resolve(undefined)
      }
      return pauses[outcome]
    } catch (error) {
      if (signal.aborted) return 0
      if (failures === 0 || String(error) !== String(failure)) onFailure(error)
      ;[failure, failures, isAtHead] = [error, failures + 1, false]
      return Math.min(MAX_BACKOFF_MS, pollMs * 2 ** Math.min(failures, 16))
    }
  }
  /** Waits for a block to be told of, or to be found: then nobody has told of it. */
  async function waitForHead(): Promise<void> {
    if (heads?.isLive() !== true) return heads?.wait(pollMs, signal) ?? rest(pollMs, signal)
    const started = performance.now()
    await heads.wait(Math.max(pollMs, LIVE_POLL_MS), signal)
    isUntold = performance.now() - started >= LIVE_POLL_MS
  }
  async function run(): Promise<void> {
    while (!signal.aborted) {
      const before = sync.chainHead()
      const pause = await step()
      if (isUntold && sync.chainHead() !== before) heads?.missed()
      isUntold = false
      // Servers and signals have their turn even while there is always more to do.
      if (isAtHead) await waitForHead()
      else await rest(pause, signal)
    }
  }
  return { failure: () => failure, atHead, ended: run() }
}

function rest(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined)
}
