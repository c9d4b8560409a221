import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Measurement, Result } from './measurement.ts'

export type RunOptions = { readonly signal: AbortSignal; readonly largeBytes: number }

const LIMIT_MS = 120_000

/** Runs one measurement within its time and takes down what it started. Rejects with what went wrong in it. */
export async function runMeasurement(measurement: Measurement, options: RunOptions): Promise<readonly Result[]> {
  const { limitMs = LIMIT_MS } = measurement
  const timeUp = new AbortController()
  const timer = setTimeout(() => timeUp.abort(), limitMs)
  const signal = AbortSignal.any([options.signal, timeUp.signal])
  const actions: (() => unknown)[] = []
  const cleanup = (action: () => unknown): void => void actions.push(action)
  const bench: Bench = {
    signal,
    largeBytes: options.largeBytes,
    cleanup,
    async directory() {
      const path = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
      cleanup(() => rm(path, { recursive: true, force: true }))
      return path
    },
  }
  try {
    return await orAborted(measurement.run(bench), signal)
  } catch (error) {
    if (options.signal.aborted || !signal.aborted) throw error
    throw new Error(`was not done after ${limitMs / 1000} s`, { cause: error })
  } finally {
    clearTimeout(timer)
    for (const action of actions.reverse()) await action()
  }
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(new Error('stopped'))
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  // Taking its parts away makes a measurement fail that nobody waits for any more.
  work.catch(() => undefined)
  try {
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
