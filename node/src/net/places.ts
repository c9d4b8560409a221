/** One network may hold a part of the places, not all. */
const SHARE_PER_PREFIX = 4

export type Places = {
  /** Takes a place for an address prefix; returns how it is left, undefined where there is none. */
  take(prefix: string): (() => void) | undefined
}

/** Places for connections, so many at once, and a fourth of them for one address prefix. */
export function createPlaces(most: number): Places {
  const mostPerPrefix = Math.max(1, Math.floor(most / SHARE_PER_PREFIX))
  const taken = new Map<string, number>()
  let total = 0

  return {
    take(prefix) {
      const count = taken.get(prefix) ?? 0
      if (total >= most || count >= mostPerPrefix) return undefined
      total += 1
      taken.set(prefix, count + 1)
      let isLeft = false
      return () => {
        if (isLeft) return
        isLeft = true
        total -= 1
        const left = (taken.get(prefix) ?? 1) - 1
        if (left > 0) taken.set(prefix, left)
        else taken.delete(prefix)
      }
    },
  }
}
