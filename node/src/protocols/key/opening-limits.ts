import type { Refusal, SignedShareRequest } from '@sluice/sdk/key'

export type OpeningLimitOptions = {
  /** Shares given to one holder for one edition within an hour. */
  readonly openingsPerHour: number
  /** Seconds that a request's clock may differ from the keeper's, either way. */
  readonly clockSkew: number
}

const HOUR = 3600
/** Counters and nonces kept at most. Only holders of a key cause any; beyond, the oldest is forgotten. */
const MAX_ENTRIES = 20_000

/** What a keeper remembers of its answers: counts of the last hour, and the nonces of requests that are still fresh. */
export function createOpeningLimits({ openingsPerHour, clockSkew }: OpeningLimitOptions) {
  const openings = new Map<string, { count: number; until: number }>()
  const nonces = new Map<string, number>()

  return {
    /** Whether a request was made about now. */
    isFresh: ({ issuedAt }: SignedShareRequest, now: number): boolean => Math.abs(now - issuedAt) <= clockSkew,

    /** Counts an opening, in one step; the reason when there must be none. `now` in unix seconds. */
    admit({ wallet, label, nonce, issuedAt }: SignedShareRequest, now: number): Refusal | undefined {
      forgetEnded(nonces, (until) => until < now)
      forgetEnded(openings, ({ until }) => until <= now)
      const request = `${wallet}/${nonce}`
      if (nonces.has(request)) return 'REQUEST_STALE'
      const holder = `${wallet}/${label.editionId}`
      const opening = openings.get(holder) ?? { count: 0, until: now + HOUR }
      if (opening.count >= openingsPerHour) return 'RATE_LIMITED'
      openings.set(holder, { ...opening, count: opening.count + 1 })
      nonces.set(request, issuedAt + clockSkew)
      return undefined
    },
  }
}

/** Drops what ended from the old end, and the oldest when there are too many. */
function forgetEnded<T>(entries: Map<string, T>, hasEnded: (value: T) => boolean): void {
  for (const [key, value] of entries) {
    if (!hasEnded(value) && entries.size < MAX_ENTRIES) return
    entries.delete(key)
  }
}
