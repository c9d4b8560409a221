import { paidSourceLimit } from '../channel/index.ts'

/** A source as the scheduler sees it. */
export type PlanSource = {
  readonly id: number
  /** Base units per slice. */
  readonly price: bigint
  /** Slices per second, as measured; undefined before the first. */
  readonly rate: number | undefined
  readonly inFlight: number
  readonly has: (index: number) => boolean
}

/** A slice that somebody waits for. Times are unix milliseconds. */
export type PlanRequest = {
  readonly index: number
  /** When it is needed; the earlier the sooner it is asked for. */
  readonly deadline: number
  readonly startedAt: number | undefined
  /** Sources that are fetching it now, and those that could not. */
  readonly assigned: ReadonlySet<number>
  readonly failed: ReadonlySet<number>
}

export type Assignment = { readonly index: number; readonly source: number }

export type PlanLimits = {
  /** Slices in flight per source: times 256 KiB this stays below what a stream takes unread. */
  readonly perSource: number
  /**
   * How many of a source's places must be free before it is asked for more, all at once: every message costs about as much
   * as verifying a slice. One while streaming, where the next slice may be urgent.
   */
  readonly refill: number
  /** How many seconds later a slice may come for half the price: what a price is worth in time. */
  readonly priceWeight: number
  /** A slice that is this late is asked of a second source, which is then paid too; milliseconds. */
  readonly hedgeAfterMs: number
}

export const DEFAULT_PLAN_LIMITS: PlanLimits = { perSource: 12, refill: 1, priceWeight: 0.25, hedgeAfterMs: 2000 }

/** For downloads, where no slice is more urgent than another. */
export const DOWNLOAD_PLAN_LIMITS: PlanLimits = { ...DEFAULT_PLAN_LIMITS, perSource: 24, refill: 8 }

/** How much sooner a slice counts as late at the end of the work. */
const ENDGAME_HASTE = 4

/** A source that nobody has measured is given a chance. */
const UNKNOWN_RATE = 20

/**
 * Assigns what nobody is fetching yet, most urgent first, each to the source that will have it soonest for its price.
 * What is late goes to a second source too.
 * @param ending whether these are the last slices of the work
 */
export function planNext(
  requests: readonly PlanRequest[],
  sources: readonly PlanSource[],
  now: number,
  limits: PlanLimits = DEFAULT_PLAN_LIMITS,
  ending = false,
): Assignment[] {
  const planner = createPlanner(
    sources.filter(({ inFlight }) => inFlight <= Math.max(0, limits.perSource - limits.refill)),
    limits,
  )
  const waiting = requests.filter(({ assigned }) => assigned.size === 0)
  for (const request of byUrgency(waiting)) planner.assign(request)
  if (planner.assignments.length > 0) return planner.assignments

  // What is late may be asked for twice, where that is clearly faster; sooner in the endgame, when nothing else is left.
  const patience = ending ? limits.hedgeAfterMs / ENDGAME_HASTE : limits.hedgeAfterMs
  for (const request of byUrgency(requests)) {
    const isLate = request.startedAt !== undefined && now - request.startedAt >= patience
    if (request.assigned.size === 1 && isLate) planner.assign(request, remaining(request, sources) / 2)
  }
  return planner.assignments
}

/** Fills the sources one request after the other; `within` are the seconds that it may take at most. */
function createPlanner(sources: readonly PlanSource[], limits: PlanLimits) {
  const load = new Map(sources.map(({ id, inFlight }) => [id, inFlight]))
  const cheapest = sources.reduce((least, { price }) => (price < least ? price : least), sources[0]?.price ?? 0n)
  const assignments: Assignment[] = []
  const assign = (request: PlanRequest, within = Infinity): void => {
    const best = bestSource(request, sources, load, cheapest, limits)
    if (best === undefined || best.seconds >= within) return
    load.set(best.id, (load.get(best.id) ?? 0) + 1)
    assignments.push({ index: request.index, source: best.id })
  }
  return { assignments, assign }
}

/**
 * Which sources to pay: free ones and open channels always, and as many new channels as the remaining value is worth.
 * Those in use stay in use.
 */
export function chooseSources<S extends { price: bigint; hasChannel: boolean; minChannel: bigint; used: boolean }>(
  sources: readonly S[],
  remainingSlices: number,
): S[] {
  const rank = (source: S): number => (source.price === 0n ? 0 : source.used ? 1 : source.hasChannel ? 2 : 3)
  const ordered = [...sources].sort((a, b) => rank(a) - rank(b) || Number(a.price - b.price))
  let paid = 0
  return ordered.filter((source) => {
    if (source.price === 0n) return true
    const value = BigInt(remainingSlices) * source.price
    const keep = source.used || source.hasChannel || paid < paidSourceLimit(value, source.minChannel)
    if (keep) paid += 1
    return keep
  })
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

function bestSource(
  request: PlanRequest,
  sources: readonly PlanSource[],
  load: ReadonlyMap<number, number>,
  cheapest: bigint,
  { perSource, priceWeight }: PlanLimits,
): { id: number; seconds: number } | undefined {
  let best: { id: number; seconds: number; score: number } | undefined
  for (const { id, price, rate, has } of sources) {
    const inFlight = load.get(id) ?? 0
    const usable = inFlight < perSource && has(request.index)
    if (!usable || request.assigned.has(id) || request.failed.has(id)) continue
    const seconds = (inFlight + 1) / (rate ?? UNKNOWN_RATE)
    const score = seconds + priceWeight * relativePrice(price, cheapest)
    if (best === undefined || score < best.score) best = { id, seconds, score }
  }
  return best
}

/** 0 for the cheapest, 1 for twice its price; where the cheapest is free, any price counts as twice. */
function relativePrice(price: bigint, cheapest: bigint): number {
  if (price === cheapest) return 0
  return cheapest === 0n ? 1 : Number(((price - cheapest) * 1000n) / cheapest) / 1000
}

/** Seconds until the slowest of the sources at work is through with what it has. */
function remaining({ assigned }: PlanRequest, sources: readonly PlanSource[]): number {
  const busy = sources.filter(({ id }) => assigned.has(id))
  return Math.max(...busy.map(({ inFlight, rate }) => inFlight / (rate ?? UNKNOWN_RATE)), 1)
}
