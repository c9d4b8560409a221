import type { Result } from '../harness/measurement.ts'
import { median, medianRatio, megabytesPerSecond } from '../harness/statistics.ts'

/** The median rate of moving `bytes` in so many milliseconds each time. */
export function rateOf(name: string, bytes: number, times: readonly number[]): Result {
  return { name, value: megabytesPerSecond(bytes, median(times)), unit: 'MB/s' }
}

/** The same, and its ratio to another way of moving them; the runs of both took turns. */
export function compareRates(
  name: string,
  bytes: number,
  times: readonly number[],
  other: { readonly peer: string; readonly times: readonly number[] },
): Result {
  return { ...rateOf(name, bytes, times), peer: other.peer, ratio: medianRatio(other.times, times) }
}
