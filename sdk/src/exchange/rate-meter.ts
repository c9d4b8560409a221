/** Slices per second of one source, smoothed, counted only while it had something to do. */
export type RateMeter = {
  readonly rate: number | undefined
  started(now: number): void
  finished(now: number): void
  /** What was started came to nothing. */
  missed(): void
}

/** Weight of the newest interval: about the last ten slices count. */
const SMOOTHING = 0.2
const LEAST_INTERVAL_MS = 0.5

export function createRateMeter(): RateMeter {
  let busy = 0
  let since = 0
  let interval: number | undefined
  return {
    get rate() {
      return interval === undefined ? undefined : 1000 / interval
    },
    started: (now) => {
      if (busy === 0) since = now
      busy += 1
    },
    finished: (now) => {
      const latest = Math.max(now - since, LEAST_INTERVAL_MS)
      interval = interval === undefined ? latest : interval + SMOOTHING * (latest - interval)
      since = now
      busy -= 1
    },
    missed: () => {
      busy -= 1
    },
  }
}
