import type { ErrorCode } from '../errors.ts'

/** What a peer did, as it counts: `points` at the time `at` (unix milliseconds), half of them six hours later. */
export type Penalty = { readonly points: number; readonly at: number; readonly code: ErrorCode }

/** What follows from it. */
export type Standing = {
  /** How many seconds later a slice of it counts as coming. */
  readonly handicap: number
  /** Not asked until then; unix milliseconds. */
  readonly refusedUntil?: number
}

/** Where a book is kept. Both are best effort: a penalty that is lost is found out again. */
export type PenaltyStore = {
  load(): Iterable<readonly [string, Penalty]>
  /** Replaces all that was saved. */
  save(penalties: ReadonlyMap<string, Penalty>): void
}

/**
 * What peers did that served badly, whichever content it was about: one book for all that a node or a page fetches. Peers
 * are named by whoever asks: only by what the transport proves, or a stranger could spoil another's name.
 */
export type PenaltyBook = {
  /** Notes why a source was given up. Codes that are nobody's fault change nothing. */
  record(name: string, code: ErrorCode): void
  standing(name: string): Standing
}

const HALF_LIFE_MS = 6 * 3_600_000
/** With so many points a peer is not asked at all: only who has served a wrong slice comes so far, for twelve hours. */
const REFUSED_FROM = 4
/** Short of it stays who is merely bad at it: the only source of a content may be one that was away for a day. */
const MOST_FOR_WEAKNESS = 3
const MOST = 64
const FORGOTTEN_BELOW = 0.1
const MAX_ENTRIES = 1024

const LIES: Partial<Record<ErrorCode, number>> = { SLICE_CORRUPT: 16 }
const WEAKNESSES: Partial<Record<ErrorCode, number>> = {
  CREDIT_EXHAUSTED: 1,
  FRAME_INVALID: 2,
  NODE_UNREACHABLE: 0.25,
  PROTOCOL_VIOLATION: 2,
  SIGNATURE_INVALID: 2,
  TIMEOUT: 1,
}

/** The penalty after one more report; the same one where the code is nobody's fault. */
export function penalise(before: Penalty | undefined, code: ErrorCode, now: number): Penalty | undefined {
  const points = pointsAt(before, now)
  const lie = LIES[code]
  const weakness = WEAKNESSES[code]
  if (lie !== undefined) return { points: Math.min(points + lie, MOST), at: now, code }
  if (weakness === undefined) return before
  if (before !== undefined && points >= MOST_FOR_WEAKNESS) return before
  return { points: Math.min(points + weakness, MOST_FOR_WEAKNESS), at: now, code }
}

export function standingOf(penalty: Penalty | undefined, now: number): Standing {
  const points = pointsAt(penalty, now)
  const handicap = points < FORGOTTEN_BELOW ? 0 : points
  if (points < REFUSED_FROM) return { handicap }
  return { handicap, refusedUntil: now + HALF_LIFE_MS * Math.log2(points / REFUSED_FROM) }
}

function pointsAt(penalty: Penalty | undefined, now: number): number {
  return penalty === undefined ? 0 : penalty.points / 2 ** (Math.max(now - penalty.at, 0) / HALF_LIFE_MS)
}

export function createPenaltyBook(options: createPenaltyBook.Options = {}): PenaltyBook {
  const { store, clock = Date.now } = options
  const penalties = new Map(store?.load())
  const makeRoom = (now: number): void => {
    if (penalties.size <= MAX_ENTRIES) return
    const byWeight = [...penalties].sort(([, a], [, b]) => pointsAt(a, now) - pointsAt(b, now))
    for (const [name] of byWeight.slice(0, penalties.size - MAX_ENTRIES)) penalties.delete(name)
  }
  return {
    record: (name, code) => {
      const now = clock()
      const before = penalties.get(name)
      const after = penalise(before, code, now)
      if (after === undefined || after === before) return
      penalties.set(name, after)
      for (const [known, penalty] of penalties) if (pointsAt(penalty, now) < FORGOTTEN_BELOW) penalties.delete(known)
      makeRoom(now)
      store?.save(penalties)
    },
    standing: (name) => standingOf(penalties.get(name), clock()),
  }
}

export declare namespace createPenaltyBook {
  type Options = {
    readonly store?: PenaltyStore
    /** Unix milliseconds. */
    readonly clock?: () => number
  }
}

/** Reads what a store may have kept, which may be of another version or damaged: what is no penalty is left out. */
export function parsePenalties(value: unknown): [string, Penalty][] {
  if (!Array.isArray(value)) return []
  return value.slice(0, MAX_ENTRIES).filter(isEntry)
}

function isEntry(entry: unknown): entry is [string, Penalty] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false
  const { points, at, code } = (entry[1] ?? {}) as Record<keyof Penalty, unknown>
  const isKnown = typeof code === 'string' && (code in LIES || code in WEAKNESSES)
  return isKnown && typeof points === 'number' && points > 0 && points <= MOST && typeof at === 'number'
}
