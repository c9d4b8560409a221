/** Fetches one slice; `order` says how soon it is needed, lower first. */
export type FetchSlice = (index: number, options: { order: number; signal: AbortSignal }) => Promise<Uint8Array>

/** Slices kept after they were read: 16 MiB, enough for a player that looks back at the file's index. */
const KEPT_SLICES = 64
/** Slices asked for ahead of a reader, so that several sources work at once. */
const AHEAD = 8

/**
 * Remembers the latest slices and reads a little ahead: players ask for the same bytes more than once, and a slice should
 * be fetched and paid for once.
 */
export function createSliceCache(fetch: FetchSlice, sliceCount: number) {
  const kept = new Map<number, Uint8Array>()

  const load = async (index: number, order: number, signal: AbortSignal): Promise<Uint8Array> => {
    const slice = kept.get(index) ?? (await fetch(index, { order, signal }))
    kept.delete(index)
    kept.set(index, slice)
    const oldest = kept.keys().next().value
    if (kept.size > KEPT_SLICES && oldest !== undefined) kept.delete(oldest)
    return slice
  }

  /** Slices for one reader, who takes them in order. What was asked for ahead is given up with `signal`. */
  return function openReader(signal: AbortSignal): (index: number) => Promise<Uint8Array> {
    const pending = new Map<number, Promise<Uint8Array>>()
    return async (index) => {
      const end = Math.min(index + AHEAD, sliceCount - 1)
      for (let next = index; next <= end; next += 1) {
        if (pending.has(next)) continue
        const loading = load(next, next - index, signal)
        // Whoever reads on to it sees the failure; until then it is nobody's.
        loading.catch(() => undefined)
        pending.set(next, loading)
      }
      const slice = pending.get(index) ?? load(index, 0, signal)
      pending.delete(index)
      return slice
    }
  }
}
