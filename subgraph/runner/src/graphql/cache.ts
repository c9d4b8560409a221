/** Keeps what was made last, up to a number; the longest unused is forgotten first. */
export type Cache<Value> = { readonly get: (key: string, make: () => Value) => Value }

export function createCache<Value>(size: number): Cache<Value> {
  const entries = new Map<string, Value>()
  return {
    get(key, make) {
      const value = entries.get(key) ?? make()
      entries.delete(key)
      entries.set(key, value)
      if (entries.size > size) {
        const [oldest] = entries.keys()
        if (oldest !== undefined) entries.delete(oldest)
      }
      return value
    },
  }
}
