import type { NodeConfig } from '../config.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'

/** Offers of one peer that are looked at, and replicas that are fetched at once. */
const PER_MINUTE = 4
const AT_ONCE = 2
const DAY_MS = 24 * 3_600_000

/** The place of one replica that is on its way. */
export type ReplicaPlace = {
  /** Takes more bytes for it, as its blocks need; whether its owner's limits allow that, as for the first ones. */
  more(bytes: number, kept: number): boolean
  leave(): void
}

export type OfferPolicy = {
  /** Whether an offer of this peer may be looked at now. */
  admits(peerId: string): boolean
  /** Whether it is on its way already. */
  isTaking(root: string): boolean
  /**
   * Takes the place and the bytes of one replica; `undefined` when too many are on their way, or they would be more than
   * `acceptBytes`, with the `kept` ones that are here or with those of the last 24 hours.
   */
  take(root: string, bytes: number, kept: number): ReplicaPlace | undefined
}

/** What strangers may make this node fetch: never more bytes in a day, nor on disk, than its owner said. */
export function createOfferPolicy(
  { accept, acceptPeers, acceptBytes }: NodeConfig['replication'],
  now: () => number = Date.now,
): OfferPolicy {
  const limiter = createRateLimiter(PER_MINUTE, now)
  const running = new Set<string>()
  let taken: { readonly at: number; readonly bytes: number }[] = []
  function spend(bytes: number, kept: number): boolean {
    taken = taken.filter(({ at }) => at > now() - DAY_MS)
    const today = taken.reduce((sum, entry) => sum + entry.bytes, 0)
    if (bytes + Math.max(kept, today) > acceptBytes) return false
    taken.push({ at: now(), bytes })
    return true
  }

  return {
    admits: (peerId) => {
      const welcome = accept === 'any' || (accept === 'peers' && acceptPeers.includes(peerId))
      return welcome && running.size < AT_ONCE && limiter.take(peerId)
    },
    isTaking: (root) => running.has(root),
    take(root, bytes, kept) {
      if (running.size >= AT_ONCE || running.has(root) || !spend(bytes, kept)) return undefined
      running.add(root)
      let isOpen = true
      return {
        more: spend,
        leave() {
          if (isOpen) running.delete(root)
          isOpen = false
        },
      }
    },
  }
}
