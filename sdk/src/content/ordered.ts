import { SluiceError } from '../errors.ts'

export declare namespace runOrdered {
  type Options<Item, Result> = {
    readonly source: AsyncIterable<Item>
    /** Most tasks under way; the source is not read further while so many are. */
    readonly concurrency: number
    /** Runs at the same time as others; must end soon after its signal aborts. */
    readonly task: (item: Item, index: number, signal: AbortSignal) => Promise<Result>
    /** Receives the results in the source's order, one at a time. */
    readonly onResult: (result: Result, index: number) => Promise<void> | void
    readonly signal?: AbortSignal | undefined
  }
}

/**
 * Runs a task over every item of a source: a bounded number at once, results in order. The first failure, of the source,
 * a task or a result, aborts all others; this rejects with it once every task has ended.
 */
export async function runOrdered<Item, Result>(options: runOrdered.Options<Item, Result>): Promise<void> {
  const stop = new AbortController()
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const iterator = options.source[Symbol.asyncIterator]()
  const running: Promise<Result>[] = []
  let started = 0
  let finished = 0

  async function finishOldest(): Promise<void> {
    const oldest = running[0]
    if (oldest === undefined) return
    await options.onResult(await untilAborted(oldest, signal), finished)
    void running.shift()
    finished += 1
  }

  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal)
      if (next.done === true) break
      const task = options.task(next.value, started, signal)
      task.catch((error: unknown) => stop.abort(error))
      running.push(task)
      started += 1
      if (running.length >= options.concurrency) await finishOldest()
    }
    while (running.length > 0) await finishOldest()
  } catch (error) {
    stop.abort(error)
    // A source that hangs would never answer `return`, so it is told and not waited for.
    iterator.return?.().catch(() => undefined)
    await Promise.allSettled(running)
    throw toError(error)
  }
}

/** Settles with the promise, or rejects as soon as the signal aborts. Leaves nothing behind on the signal. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(toError(signal.reason))
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

function toError(reason: unknown): Error {
  const isAbort = reason instanceof DOMException && reason.name === 'AbortError'
  if (reason instanceof Error && !isAbort) return reason
  return new SluiceError('ABORTED', 'The work was aborted.', { cause: reason })
}
