import { randomUUID } from 'node:crypto'
import { isSluiceError } from '@sluice/sdk'
import type { ApiError, Job } from '../api/types.ts'

/** A job as it runs: its state, who listens, and how to stop it. */
export type RunningJob = {
  readonly id: string
  readonly signal: AbortSignal
  readonly state: Job
  update(change: Partial<Omit<Job, 'id' | 'kind' | 'content' | 'state' | 'error'>>): void
  finish(): void
  fail(error: unknown): void
  cancel(reason: Error): void
  /** Resolves at the next change, or when `signal` aborts. */
  changed(signal: AbortSignal): Promise<void>
}

/** Starts the record of a job; nothing runs yet. */
export function createJobState(kind: Job['kind'], content: string): RunningJob {
  const abort = new AbortController()
  const id = randomUUID()
  let state: Job = { id, kind, content, state: 'running', slices: 0, done: 0, bytes: 0, paid: '0', sources: [] }
  let change = Promise.withResolvers<void>()
  const set = (next: Job): void => {
    if (state.state !== 'running') return
    state = next
    change.resolve()
    change = Promise.withResolvers()
  }
  return {
    id,
    signal: abort.signal,
    get state() {
      return state
    },
    update: (changes) => set({ ...state, ...changes }),
    finish: () => set({ ...state, state: 'done' }),
    fail: (error) => set({ ...state, state: 'failed', error: describeError(error) }),
    cancel: (reason) => abort.abort(reason),
    changed: (signal) => settledOrAborted(change.promise, signal),
  }
}

/** What a stranger may learn of an error: the code and words of our own, nothing of any other. */
export function describeError(error: unknown): ApiError {
  if (!isSluiceError(error))
    return { code: 'INTERNAL', message: 'The job failed for an unexpected reason; see the node’s log.' }
  const { code, message, hint } = error
  return { code, message, ...(hint === undefined ? {} : { hint }) }
}

async function settledOrAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const aborted = Promise.withResolvers<void>()
  const onAbort = (): void => aborted.resolve()
  signal.addEventListener('abort', onAbort, { once: true })
  await Promise.race([promise, aborted.promise])
  signal.removeEventListener('abort', onAbort)
}
