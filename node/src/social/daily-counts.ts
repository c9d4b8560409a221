const DAY_MS = 86_400_000
/** Remembered at most; beyond, the one that was quiet longest starts anew. */
const MAX_NAMES = 50_000

/** How often each of many names was counted within the day that its first count began. Times in milliseconds. */
export function createDailyCounts() {
  const counts = new Map<string, { readonly count: number; readonly until: number }>()

  function of(name: string, now: number): number {
    const counted = counts.get(name)
    return counted !== undefined && counted.until > now ? counted.count : 0
  }

  return {
    of,
    add(name: string, now: number): void {
      const count = of(name, now)
      const until = count === 0 ? now + DAY_MS : (counts.get(name)?.until ?? now)
      counts.delete(name)
      counts.set(name, { count: count + 1, until })
      const oldest = counts.size > MAX_NAMES ? counts.keys().next().value : undefined
      if (oldest !== undefined) counts.delete(oldest)
    },
  }
}
