import { SluiceError } from '../errors.ts'

/** One way to get a connection; what it gives belongs to `signal`, also after the race. */
export type Attempt<T> = (signal: AbortSignal) => Promise<T>

export declare namespace raceAttempts {
  type Options<T> = {
    readonly signal: AbortSignal
    /** How long an attempt is alone before the next one joins, milliseconds. */
    readonly headStartMs: number
    /** Closes what a loser got after all. */
    readonly discard: (value: T) => void
  }
}

/**
 * Happy eyeballs (RFC 8305): the first attempt starts at once, each next one when its predecessor had its head start or
 * when all that run have failed. Whoever connects first wins and the others are given up. When all fail, so does this, with
 * the reason of the attempt that was preferred most.
 * @throws NODE_UNREACHABLE without an attempt, ABORTED, whatever the attempts reject with
 */
export async function raceAttempts<T>(
  attempts: readonly Attempt<T>[],
  { signal, headStartMs, discard }: raceAttempts.Options<T>,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const running = new Map<number, AbortController>()
  const failures = new Map<number, unknown>()
  let [next, over] = [0, false]
  let timer: ReturnType<typeof setTimeout> | undefined

  const finish = (settle: () => void): void => {
    over = true
    clearTimeout(timer)
    for (const controller of running.values()) controller.abort()
    settle()
  }
  const start = (): void => {
    clearTimeout(timer)
    const [index, attempt] = [next, attempts[next]]
    if (attempt === undefined || over) return
    next += 1
    const controller = new AbortController()
    running.set(index, controller)
    if (next < attempts.length) timer = setTimeout(start, headStartMs)
    attempt(AbortSignal.any([signal, controller.signal])).then(
      (value) => {
        running.delete(index)
        if (over) discard(value)
        else finish(() => resolve(value))
      },
      (error: unknown) => {
        running.delete(index)
        failures.set(index, error)
        if (over || running.size > 0) return
        if (next < attempts.length && !signal.aborted) start()
        else finish(() => reject(bestReason(failures)))
      },
    )
  }
  if (attempts.length === 0) throw new SluiceError('NODE_UNREACHABLE', 'There is no way to reach this peer.')
  start()
  return promise
}

function bestReason(failures: ReadonlyMap<number, unknown>): Error {
  const reason = failures.get(Math.min(...failures.keys()))
  return reason instanceof Error ? reason : new SluiceError('NODE_UNREACHABLE', 'The peer cannot be reached.')
}
