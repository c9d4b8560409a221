/**
 * What was read or written of late, by type and id, in two generations: what was not used since the last but one turn is
 * forgotten. It turns only when `settle` is called, since what is not in the database yet must stay; so it holds up to twice
 * `limit`, and what came since the last call.
 */
export type EntityCache<T> = {
  readonly get: (type: string, id: string) => T | undefined
  readonly set: (type: string, id: string, value: T) => void
  readonly settle: () => void
  readonly clear: () => void
}

export function createEntityCache<T>(limit: number): EntityCache<T> {
  let [young, old] = [new Map<string, T>(), new Map<string, T>()]
  // A type's name has no colon.
  const keyOf = (type: string, id: string) => `${type}:${id}`
  return {
    get: (type, id) => {
      const key = keyOf(type, id)
      const value = young.get(key)
      if (value !== undefined) return value
      const older = old.get(key)
      if (older !== undefined) young.set(key, older)
      return older
    },
    set: (type, id, value) => young.set(keyOf(type, id), value),
    settle: () => {
      if (young.size > limit) [young, old] = [new Map<string, T>(), young]
    },
    clear: () => {
      ;[young, old] = [new Map<string, T>(), new Map<string, T>()]
    },
  }
}
