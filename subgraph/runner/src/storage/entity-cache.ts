import type { EntityType } from '../schema/index.ts'

/**
 * What was read or written of late, by type and id, in two generations: what was not used since the last but one turn is
 * forgotten. It turns only when `settle` is called, since what is not in the database yet must stay; so it holds up to twice
 * `limit`, and what came since the last call. Of immutable types, which are hardly ever read again, only what came since the
 * last call but one stays.
 */
export type EntityCache<T> = {
  readonly get: (type: EntityType, id: string) => T | undefined
  readonly set: (type: EntityType, id: string, value: T) => void
  readonly settle: () => void
  readonly clear: () => void
}

export function createEntityCache<T>(limit: number): EntityCache<T> {
  const mutable = createGenerations<T>(limit)
  const immutable = createGenerations<T>(0)
  const of = (type: EntityType) => (type.immutable ? immutable : mutable)
  return {
    get: (type, id) => of(type).get(type, id),
    set: (type, id, value) => of(type).set(type, id, value),
    settle: () => {
      mutable.settle()
      immutable.settle()
    },
    clear: () => {
      mutable.clear()
      immutable.clear()
    },
  }
}

type ByType<T> = Map<EntityType, Map<string, T>>

function createGenerations<T>(limit: number): EntityCache<T> {
  const none = (): ByType<T> => new Map<EntityType, Map<string, T>>()
  let [young, old, size] = [none(), none(), 0]
  function set(type: EntityType, id: string, value: T): void {
    let values = young.get(type)
    if (values === undefined) young.set(type, (values = new Map<string, T>()))
    const before = values.size
    values.set(id, value)
    size += values.size - before
  }
  return {
    get: (type, id) => {
      const value = young.get(type)?.get(id)
      if (value !== undefined) return value
      const older = old.get(type)?.get(id)
      if (older !== undefined) set(type, id, older)
      return older
    },
    set,
    settle: () => {
      if (size > limit) [young, old, size] = [none(), young, 0]
    },
    clear: () => {
      ;[young, old, size] = [none(), none(), 0]
    },
  }
}
