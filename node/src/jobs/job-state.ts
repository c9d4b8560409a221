import { randomUUID } from 'node:crypto'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { ApiError, Job } from '../api/types.ts'

type JobChange = Partial<Omit<Job, 'id' | 'kind' | 'content' | 'state' | 'error'>>

/** A job as it runs: its state, who waits for it, and how it ends. */
export type RunningJob = {
  readonly id: string
  /** Aborts when the job is cancelled or has failed. */
  readonly signal: AbortSignal
  readonly state: () => Job
  update(change: JobChange): void
  finish(): void
  fail(error: unknown): void
  cancel(): void
  /** Every state from the present one to the last; a slow reader skips those in between. */
  events(signal: AbortSignal): AsyncGenerator<Job, void, undefined>
  /** Resolves when `ready` holds; rejects when the job fails first, or `signal` aborts. */
  until(ready: () => boolean, signal: AbortSignal): Promise<void>
}

/** Starts the record of a job; nothing runs yet. */
export function createRunningJob(kind: Job['kind'], content: string): RunningJob {
  const abort = new AbortController()
  const id = randomUUID()
  let failure: Error | undefined
  let current: Job = { id, kind, content, state: 'running', slices: 0, done: 0, bytes: 0, paid: '0', sources: [] }
  let change = Promise.withResolvers<void>()

  function set(next: Job): void {
    if (current.state !== 'running') return
    current = next
    change.resolve()
    change = Promise.withResolvers()
  }

  function fail(error: unknown): void {
    failure = error instanceof Error ? error : new SluiceError('INTERNAL', 'The job failed.', { cause: error })
    set({ ...current, state: 'failed', error: describeError(error) })
    abort.abort(failure)
  }

  return {
    id,
    signal: abort.signal,
    state: () => current,
    update: (changes) => set({ ...current, ...changes }),
    finish: () => set({ ...current, state: 'done' }),
    fail,
    cancel: () => fail(new SluiceError('ABORTED', 'The job was cancelled.')),
    async *events(signal) {
      for (;;) {
        const [state, next] = [current, change.promise]
        yield state
        if (state.state !== 'running') return
        if (state === current) await untilAborted(next, signal)
      }
    },
    async until(ready, signal) {
      while (!ready()) {
        if (failure !== undefined) throw failure
        await untilAborted(change.promise, signal)
      }
    },
  }
}

/** What the API tells of an error: the code and words of our own, nothing of any other. */
function describeError(error: unknown): ApiError {
  if (!isSluiceError(error))
    return { code: 'INTERNAL', message: 'The job failed unexpectedly; the node’s log says why.' }
  const { code, message, hint } = error
  return { code, message, ...(hint === undefined ? {} : { hint }) }
}

/** Waits for a promise that is never rejected; throws ABORTED as soon as the signal aborts. */
async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void =>
    aborted.reject(new SluiceError('ABORTED', 'Nobody waits any more.', { cause: signal.reason }))
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
