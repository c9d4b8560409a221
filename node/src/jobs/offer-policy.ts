import type { NodeConfig } from '../config.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'

/** Offers of one peer that are looked at, and replicas that are fetched at once. */
const PER_MINUTE = 4
const AT_ONCE = 2
const DAY_MS = 24 * 3_600_000

export type OfferPolicy = {
  /** Whether an offer of this peer may be looked at now. */
  admits(peerId: string): boolean
  /**
   * Takes the place and the bytes of one replica; `undefined` when too many are on their way, or they would be more than
   * `acceptBytes`, with the `kept` ones that are here or with those of the last 24 hours. Returns how to give up the place.
   */
  take(bytes: number, kept: number): (() => void) | undefined
}

/** What strangers may make this node fetch: never more bytes in a day, nor on disk, than its owner said. */
export function createOfferPolicy(
  { accept, acceptPeers, acceptBytes }: NodeConfig['replication'],
  now: () => number = Date.now,
): OfferPolicy {
  const limiter = createRateLimiter(PER_MINUTE, now)
  let running = 0
  let taken: { readonly at: number; readonly bytes: number }[] = []
  return {
    admits: (peerId) => {
      const welcome = accept === 'any' || (accept === 'peers' && acceptPeers.includes(peerId))
      return welcome && running < AT_ONCE && limiter.take(peerId)
    },
    take(bytes, kept) {
      taken = taken.filter(({ at }) => at > now() - DAY_MS)
      const today = taken.reduce((sum, entry) => sum + entry.bytes, 0)
      if (running >= AT_ONCE || bytes + Math.max(kept, today) > acceptBytes) return undefined
      running += 1
      taken.push({ at: now(), bytes })
      let isOpen = true
      return () => {
        if (isOpen) running -= 1
        isOpen = false
      }
    },
  }
}
