/** Callers remembered at most; beyond, the one that was quiet longest is forgotten. */
const MAX_KEYS = 10_000

/** A token bucket per key: `perMinute` on average, a burst of a quarter of that. */
export function createRateLimiter(perMinute: number, now: () => number = Date.now) {
  const burst = Math.max(1, perMinute / 4)
  const buckets = new Map<string, { tokens: number; at: number }>()
  return {
    /** Takes one token; false when there is none. */
    take(key: string): boolean {
      const time = now()
      const bucket = buckets.get(key) ?? { tokens: burst, at: time }
      bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) * perMinute) / 60_000)
      bucket.at = time
      buckets.delete(key)
      buckets.set(key, bucket)
      const oldest = buckets.size > MAX_KEYS ? buckets.keys().next().value : undefined
      if (oldest !== undefined) buckets.delete(oldest)
      if (bucket.tokens < 1) return false
      bucket.tokens -= 1
      return true
    },
  }
}

export type RateLimiter = ReturnType<typeof createRateLimiter>
