/** The middle of some numbers; the mean of the two in the middle of an even count. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2
}

/** The smallest of the values that `share` of them do not pass (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? NaN
}

/** The median of the quotients of what was measured side by side: a machine that slows down slows both. */
export function medianRatio(values: readonly number[], peers: readonly number[]): number {
  return median(values.map((value, at) => value / (peers[at] ?? NaN)))
}

/** Milliseconds that a task takes. */
export async function timed(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await task()
  return performance.now() - started
}

/** Milliseconds of `runs` runs after one that is not counted. */
export async function timedRuns(runs: number, task: (run: number) => Promise<unknown>): Promise<number[]> {
  await task(0)
  const times: number[] = []
  for (let run = 1; run <= runs; run += 1) times.push(await timed(() => task(run)))
  return times
}

/** Megabytes (10^6) per second. */
export function megabytesPerSecond(bytes: number, milliseconds: number): number {
  return bytes / 1000 / milliseconds
}
