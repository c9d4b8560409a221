/** A bounded map whose entries die by age or at their own end; the oldest goes first. */
export function createTimedCache<V>({ maxAgeMs, maxSize, now = Date.now }: createTimedCache.Options) {
  const entries = new Map<string, { readonly value: V; readonly until: number }>()
  return {
    get(key: string): V | undefined {
      const entry = entries.get(key)
      if (entry === undefined || entry.until > now()) return entry?.value
      entries.delete(key)
      return undefined
    },
    /** `until`, in milliseconds, where the value itself ends before its age does. */
    set(key: string, value: V, until = Infinity): void {
      entries.delete(key)
      entries.set(key, { value, until: Math.min(until, now() + maxAgeMs) })
      const oldest = entries.size > maxSize ? entries.keys().next().value : undefined
      if (oldest !== undefined) entries.delete(oldest)
    },
    deleteWhere(matches: (key: string) => boolean): void {
      for (const key of entries.keys()) if (matches(key)) entries.delete(key)
    },
    clear: () => entries.clear(),
  }
}

export declare namespace createTimedCache {
  type Options = { readonly maxAgeMs: number; readonly maxSize: number; readonly now?: () => number }
}
