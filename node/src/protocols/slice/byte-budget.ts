/** Bytes per key and minute, with bounded memory: the keys that were used longest ago are forgotten first. */
export type ByteBudget = { take(key: string, bytes: number): boolean; give(key: string, bytes: number): void }

const MAX_KEYS = 10_000
const MINUTE_MS = 60_000

export function createByteBudget(bytesPerMinute: number, clock: () => number = Date.now): ByteBudget {
  const buckets = new Map<string, { left: number; at: number }>()

  const refill = (key: string): { left: number; at: number } => {
    const now = clock()
    const bucket = buckets.get(key) ?? { left: bytesPerMinute, at: now }
    const left = bucket.left + ((now - bucket.at) / MINUTE_MS) * bytesPerMinute
    buckets.delete(key)
    const full = { left: Math.min(left, bytesPerMinute), at: now }
    buckets.set(key, full)
    const [oldest] = buckets.keys()
    if (buckets.size > MAX_KEYS && oldest !== undefined) buckets.delete(oldest)
    return full
  }

  return {
    take: (key, bytes) => {
      const bucket = refill(key)
      if (bucket.left < bytes) return false
      bucket.left -= bytes
      return true
    },
    give: (key, bytes) => {
      refill(key).left += bytes
    },
  }
}
