import { setTimeout as sleep } from 'node:timers/promises'
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
    /** Whenever the store is at the head: room for what can wait. */
    readonly onHead: () => void
    readonly onFailure: (error: unknown) => void
  }
}

const MAX_BACKOFF_MS = 5_000

/**
 * Steps until the signal aborts. What fails is tried again after a pause that grows: endpoints come back, and a block whose
 * handler fails may be replaced.
 */
export function follow({ sync, signal, pollMs, onHead, onFailure }: follow.Options): FollowState {
  const { promise: atHead, resolve } = Promise.withResolvers<undefined>()
  let failure: unknown
  let failures = 0
  const pauses: Record<SyncStep, number> = { 'at head': pollMs, unsteady: pollMs, advanced: 0 }
  async function step(): Promise<number> {
    try {
      const outcome = await sync.step()
      ;[failure, failures] = [undefined, 0]
      if (outcome === 'at head') {
        onHead()
        resolve(undefined)
      }
      return pauses[outcome]
    } catch (error) {
      if (signal.aborted) return 0
      if (failures === 0 || String(error) !== String(failure)) onFailure(error)
      ;[failure, failures] = [error, failures + 1]
      return Math.min(MAX_BACKOFF_MS, pollMs * 2 ** Math.min(failures, 16))
    }
  }
  async function run(): Promise<void> {
    while (!signal.aborted) {
      const pause = await step()
      // Servers and signals have their turn even while there is always more to do.
      await sleep(pause, undefined, { signal }).catch(() => undefined)
    }
  }
  return { failure: () => failure, atHead, ended: run() }
}
