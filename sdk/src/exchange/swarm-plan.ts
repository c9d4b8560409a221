import { paidSourceLimit } from '../channel/index.ts'
import { UNKNOWN_RATE } from './pace.ts'
import { hasTwins, isTwinOf, onePerPeer } from './swarm-peers.ts'
import type { Identified, PeerStanding } from './swarm-peers.ts'
import type { PaceLimits } from './window.ts'

/** A source as the scheduler sees it. */
export type PlanSource = {
  readonly id: number
  /** Base units per slice. */
  readonly price: bigint
  /** Slices per second, as measured; undefined before the first. */
  readonly rate: number | undefined
  /** From being asked to having answered, when nothing else is in flight; milliseconds. */
  readonly delayMs: number
  /** Slices in flight at most, see `windowFor`. */
  readonly window: number
  readonly inFlight: number
  /** Silent for so long that what it holds counts as late. */
  readonly late: boolean
  /** How many seconds later a slice counts as coming, for what the peer did before. */
  readonly handicap: number
  readonly has: (index: number) => boolean
  readonly peer?: PeerStanding
}

/** A slice that somebody waits for. Times are unix milliseconds. */
export type PlanRequest = {
  readonly index: number
  /** When it is needed; the earlier the sooner it is asked for. */
  readonly deadline: number
  /** When the last source was asked for it. */
  readonly startedAt: number | undefined
  /** Sources that are fetching it now, and those that could not. */
  readonly assigned: ReadonlySet<number>
  readonly failed: ReadonlySet<number>
}

export type Assignment = { readonly index: number; readonly source: number }

export type PlanLimits = PaceLimits & {
  /**
   * How many of a source's places must be free before it is asked for more, all at once: every message costs about as much
   * as verifying a slice. At most a third of its window; one while streaming, where the next slice may be urgent.
   */
  readonly refill: number
  /** How many seconds later a slice may come for half the price: what a price is worth in time. */
  readonly priceWeight: number
  /** A slice that is this late is asked of a second source, which is then paid too; milliseconds. */
  readonly hedgeAfterMs: number
  /** The first so many slices are urgent: asked of a second source as soon as their own is silent. At the end all are. */
  readonly urgent: number
}

export const DEFAULT_PLAN_LIMITS: PlanLimits = {
  initial: 8,
  least: 2,
  most: 32,
  headroomMs: 25,
  refill: 1,
  priceWeight: 0.25,
  hedgeAfterMs: 2000,
  urgent: 4,
}

/** For downloads, where no slice is more urgent than another. */
export const DOWNLOAD_PLAN_LIMITS: PlanLimits = {
  ...DEFAULT_PLAN_LIMITS,
  most: 48,
  headroomMs: 40,
  refill: 8,
  urgent: 0,
}

/** Sources that may be fetching one slice at once. */
const MAX_HEDGES = 3
/** What a second source must gain on the first one, which works on: three times as fast, and this many seconds. */
const HEDGE_GAIN = 3
const HEDGE_LEAST_GAIN = 0.1

/** What is left of the work. */
export type PlanWork = {
  /**
   * Seconds until all that is left has been fetched, at the sources' rates; 0 while streaming. A slice may be given to a
   * source that needs no longer, however slow; otherwise it waits for a place at one that will have it sooner.
   */
  readonly horizon: number
  /** Whether these are the last slices. */
  readonly ending: boolean
}

const STREAMING: PlanWork = { horizon: 0, ending: false }

/**
 * Assigns what nobody is fetching yet, most urgent first, each to the source that will have it soonest for its price, or to
 * none while that source has no place. What is late goes to another source too.
 */
export function planNext(
  requests: readonly PlanRequest[],
  sources: readonly PlanSource[],
  now: number,
  limits: PlanLimits = DEFAULT_PLAN_LIMITS,
  work: PlanWork = STREAMING,
): Assignment[] {
  const ordered = byUrgency(requests)
  const planner = createPlanner(sources, limits)
  if (!planner.hasPlace) return []
  for (const request of ordered) if (request.assigned.size === 0) planner.assign(request, work.horizon)
  if (planner.assignments.length > 0) return planner.assignments

  const urgent = work.ending ? ordered.length : limits.urgent
  for (const [at, request] of ordered.entries()) planner.hedge(request, now, at < urgent)
  return planner.assignments
}

type Candidate = { readonly id: number; readonly seconds: number; readonly score: number; readonly isOpen: boolean }

/** Fills the sources one request after the other. What waits for a full source counts as if it had been asked there. */
function createPlanner(sources: readonly PlanSource[], limits: PlanLimits) {
  const load = new Map(sources.map(({ id, inFlight }) => [id, inFlight]))
  const open = new Set(sources.filter((source) => hasPlaces(source, limits)).map(({ id }) => id))
  const cheapest = sources.reduce((least, { price }) => (price < least ? price : least), sources[0]?.price ?? 0n)
  const assignments: Assignment[] = []

  const isAnyTwice = hasTwins(sources)

  const candidatesOf = ({ index, assigned, failed }: PlanRequest, barred: readonly PlanSource[] = []): Candidate[] => {
    const able = sources.filter(
      (source) => !assigned.has(source.id) && !failed.has(source.id) && source.has(index) && !isTwinOf(source, barred),
    )
    return (isAnyTwice ? onePerPeer(able) : able).map((source) => {
      const { id, price, window, handicap } = source
      const ahead = load.get(id) ?? 0
      const seconds = secondsFor(source, ahead + 1)
      const score = seconds + handicap + limits.priceWeight * relativePrice(price, cheapest)
      return { id, seconds, score, isOpen: open.has(id) && ahead < window }
    })
  }
  const take = ({ index }: PlanRequest, { id, isOpen: hasPlace }: Candidate): void => {
    load.set(id, (load.get(id) ?? 0) + 1)
    if (hasPlace) assignments.push({ index, source: id })
  }

  return {
    assignments,
    hasPlace: open.size > 0,
    assign: (request: PlanRequest, horizon: number): void => {
      const candidates = candidatesOf(request)
      const best = least(candidates)
      if (best === undefined) return
      const inTime = candidates.filter((candidate) => candidate.isOpen && candidate.score <= horizon)
      take(request, best.isOpen ? best : (least(inTime) ?? best))
    },
    hedge: (request: PlanRequest, now: number, isUrgent: boolean): void => {
      if (!isUrgent && !isOverdue(request, now, limits)) return
      const busy = sources.filter(({ id }) => request.assigned.has(id))
      if (busy.length === 0 || busy.length >= MAX_HEDGES) return
      const isLate = isOverdue(request, now, limits)
      // Another way to a peer that is at it is tried only when it is late.
      const candidates = candidatesOf(request, isLate ? [] : busy)
      const best = least(candidates.filter((candidate) => candidate.isOpen))
      if (best !== undefined && isWorthHedging(busy, best.seconds, { isUrgent, isLate })) take(request, best)
    },
  }
}

/** Whether a source may be asked for more: enough places must be free for a message of their own. */
export function hasPlaces(
  { inFlight, window }: Pick<PlanSource, 'inFlight' | 'window'>,
  { refill }: PlanLimits,
): boolean {
  return inFlight <= window - Math.max(1, Math.min(refill, Math.floor(window / 3)))
}

function isOverdue({ startedAt }: PlanRequest, now: number, { hedgeAfterMs }: PlanLimits): boolean {
  return startedAt !== undefined && now - startedAt >= hedgeAfterMs
}

/** Whether a second payment is worth it: for what is late, or urgent and much slower than it would be elsewhere. */
function isWorthHedging(
  busy: readonly PlanSource[],
  seconds: number,
  { isUrgent, isLate }: { isUrgent: boolean; isLate: boolean },
): boolean {
  const rest = Math.min(...busy.map((source) => secondsFor(source, source.inFlight)))
  if (isUrgent && busy.every(({ late }) => late) && seconds < rest) return true
  const isMeasured = busy.every(({ rate }) => rate !== undefined)
  if (isUrgent && isMeasured && rest > HEDGE_GAIN * seconds + HEDGE_LEAST_GAIN) return true
  return isLate && seconds < Math.max(rest, 1) / 2
}

/** Until a source is through with `count` slices. */
function secondsFor({ rate, delayMs }: PlanSource, count: number): number {
  return delayMs / 1000 + count / (rate ?? UNKNOWN_RATE)
}

/** Seconds that `count` slices take all sources together. */
export function horizonOf(count: number, sources: readonly Identified[]): number {
  const rate = onePerPeer(sources).reduce((sum, source) => sum + (source.rate ?? UNKNOWN_RATE), 0)
  return rate === 0 ? 0 : count / rate
}

function least(candidates: readonly Candidate[]): Candidate | undefined {
  let best = candidates[0]
  for (const candidate of candidates) if (best === undefined || candidate.score < best.score) best = candidate
  return best
}

export type PayableSource = {
  readonly price: bigint
  readonly hasChannel: boolean
  readonly minChannel: bigint
  readonly used: boolean
  /** It has served and no longer does; one whose channel is being opened is not silent. */
  readonly silent: boolean
  readonly peer?: PeerStanding
}

/**
 * Which sources to pay: free ones and open channels always, and as many new channels as the remaining value is worth.
 * Those in use stay in use; one that fell silent does not count, so that another can do its work. Nor does a second way to a
 * peer, which takes the place of the first where that one fails.
 */
export function chooseSources<S extends PayableSource>(sources: readonly S[], remainingSlices: number): S[] {
  const rank = (source: S): number => (source.price === 0n ? 0 : source.used ? 1 : source.hasChannel ? 2 : 3)
  const ordered = [...sources].sort((a, b) => rank(a) - rank(b) || Number(a.price - b.price))
  let paid = 0
  const peers = new Set<string | undefined>()
  return ordered.filter((source) => {
    if (source.price === 0n) return true
    const value = BigInt(remainingSlices) * source.price
    const isTwin = source.peer !== undefined && peers.has(source.peer.identity)
    const keep = isTwin || opensNone(source) || paid < paidSourceLimit(value, source.minChannel)
    if (keep && !isTwin && !source.silent) paid += 1
    if (keep) peers.add(source.peer?.identity)
    return keep
  })
}

function opensNone({ used, hasChannel }: PayableSource): boolean {
  return used || hasChannel
}

/** The slice that fewest sources hold comes first, so that none is lost when a source leaves. */
export function byRarity(indices: readonly number[], sources: readonly Pick<PlanSource, 'has'>[]): number[] {
  const holders = (index: number): number => sources.filter((source) => source.has(index)).length
  const counted = indices.map((index) => ({ index, count: holders(index) || Infinity }))
  return counted.sort((a, b) => a.count - b.count || a.index - b.index).map(({ index }) => index)
}

function byUrgency(requests: readonly PlanRequest[]): PlanRequest[] {
  return [...requests].sort((a, b) => a.deadline - b.deadline || a.index - b.index)
}

/** 0 for the cheapest, 1 for twice its price; where the cheapest is free, any price counts as twice. */
function relativePrice(price: bigint, cheapest: bigint): number {
  if (price === cheapest) return 0
  return cheapest === 0n ? 1 : Number(((price - cheapest) * 1000n) / cheapest) / 1000
}
