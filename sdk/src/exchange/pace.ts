import { windowFor } from './window.ts'
import type { PaceLimits } from './window.ts'

/** What the scheduler is told of a source at one moment. */
export type PaceView = {
  /** Undefined before the first slice. A source that is silent is as fast as its silence lets it be. */
  readonly rate: number | undefined
  readonly delayMs: number
  readonly window: number
  /** Silent for so much longer than its pace that what it holds counts as late. */
  readonly late: boolean
  /** How long it has let this side wait for anything at all. */
  readonly silentMs: number
}

/** One slice that was asked for. */
export type Asked = {
  readonly at: number
  /** How many were in flight before it. */
  readonly ahead: number
  /** How many had arrived, and when the last one did. */
  readonly arrived: number
  readonly since: number
  /** Asked for while little was in flight on purpose: it says nothing of the rate. */
  readonly isProbe: boolean
}

/** Measures one source. Times are unix milliseconds. */
export type PaceMeter = {
  asked(now: number): Asked
  arrived(asked: Asked, now: number): void
  /** It will not come, or is no longer waited for. */
  givenUp(now: number): void
  view(now: number): PaceView
}

/** A source that nobody has measured is given a chance; one that was slow long ago, another. */
export const UNKNOWN_RATE = 20
const FORGIVEN_AFTER_MS = 10_000
/** Weight of the newest sample, each of which is about a whole flight. */
const SMOOTHING = 0.25
/** Clocks count whole milliseconds. */
const LEAST_MS = 0.5
/** The least delay is measured anew after so long, with next to nothing in flight: paths change. */
const DELAY_LIFE_MS = 10_000
/** Silence within so many slices' time, and this, is nothing unusual; nor is so much of it before the first slice. */
const PATIENCE_SLICES = 3
const PATIENCE_MS = 60
const FIRST_PATIENCE_MS = 500
/** A window follows the best rate of so long, so that a hiccup does not close it. */
const PEAK_LIFE_MS = 1000

/**
 * A rate is what arrived between the last arrival before a slice was asked for and its own, so that a flight is measured
 * as a whole and bursts do not count as speed.
 * Source: the delivery rate of BBR, draft-cheng-iccrg-delivery-rate-estimation.
 */
export function createPaceMeter(limits: PaceLimits): PaceMeter {
  const delay = createDelayMeter(limits)
  let inFlight = 0
  let arrived = 0
  /** The last arrival, or since when it has had something to do. */
  let since = 0
  let rate: number | undefined
  let peak = { rate: 0, at: 0 }

  const silence = (now: number): number => (inFlight === 0 ? 0 : now - since)
  const isLate = (now: number): boolean => silence(now) > patienceWith(rate, delay.ms)
  const rateNow = (now: number): number | undefined => {
    if (isLate(now)) return Math.min(rate ?? UNKNOWN_RATE, 1000 / silence(now))
    return inFlight > 0 ? rate : forgiven(rate, now - since)
  }
  const measureRate = (asked: Asked, now: number): void => {
    const sample = (1000 * (arrived - asked.arrived)) / Math.max(now - asked.since, LEAST_MS)
    if (isLate(now)) rate = rateNow(now)
    else if (!asked.isProbe) rate = rate === undefined ? sample : rate + SMOOTHING * (sample - rate)
    if (sample >= peak.rate || now - peak.at > PEAK_LIFE_MS) peak = { rate: sample, at: now }
  }
  const windowNow = (now: number): number => {
    if (delay.ms === undefined || arrived < limits.initial) return limits.initial
    if (delay.isStale(now)) return limits.least
    return windowFor({ rate: Math.max(peak.rate, rate ?? 0), delayMs: delay.ms }, limits)
  }

  return {
    asked: (now) => {
      if (inFlight === 0) since = now
      inFlight += 1
      return { at: now, ahead: inFlight - 1, arrived, since, isProbe: delay.isStale(now) }
    },
    arrived: (asked, now) => {
      arrived += 1
      measureRate(asked, now)
      delay.measure(asked, now)
      since = now
      inFlight -= 1
    },
    givenUp: (now) => {
      // What was learned from waiting in vain is kept, or the same source would be asked again at once.
      if (isLate(now)) rate = rateNow(now)
      inFlight -= 1
      if (inFlight === 0) since = now
    },
    view: (now) => {
      const [late, silentMs] = [isLate(now), silence(now)]
      return { rate: rateNow(now), delayMs: delay.ms ?? 0, window: windowNow(now), late, silentMs }
    },
  }
}

function createDelayMeter({ least }: PaceLimits) {
  let delay: { ms: number; at: number } | undefined
  const isStale = (now: number): boolean => delay !== undefined && now - delay.at > DELAY_LIFE_MS
  return {
    get ms() {
      return delay?.ms
    },
    /** It is to be measured anew. */
    isStale,
    measure: ({ at, ahead }: Asked, now: number): void => {
      const ms = now - at
      if (delay === undefined || ms <= delay.ms || (isStale(now) && ahead < least)) delay = { ms, at: now }
    },
  }
}

/** What a rate that was measured so long ago counts for: one that was low grows to that of a source that nobody knows. */
function forgiven(rate: number | undefined, idleMs: number): number | undefined {
  if (rate === undefined || rate >= UNKNOWN_RATE) return rate
  return Math.min(rate * 2 ** (idleMs / FORGIVEN_AFTER_MS), UNKNOWN_RATE)
}

/** How long a silence of a source with this pace means nothing. */
function patienceWith(rate = UNKNOWN_RATE, delayMs?: number): number {
  if (delayMs === undefined) return FIRST_PATIENCE_MS
  return 2 * delayMs + (1000 * PATIENCE_SLICES) / Math.max(rate, 1) + PATIENCE_MS
}
