import type { PoolEntry } from './entries.ts'
import type { Pool } from './pool.ts'

export type HoldOptions = {
  readonly pool: Pick<Pool, 'get'>
  /** In milliseconds. */
  readonly holdMs: number
  readonly now: () => number
  /** From 0 up to 1. */
  readonly random?: () => number
}

/** Puts off each batch that is due once, for a random while. */
export function createHold({ pool, holdMs, now, random = Math.random }: HoldOptions) {
  let held: { readonly due: readonly PoolEntry[]; readonly until: number } | undefined
  return {
    /**
     * Whether it is time to send what is due. What comes meanwhile does not put it off again; when all of it is gone,
     * the next begins anew.
     */
    isOver(due: readonly PoolEntry[]): boolean {
      if (due.length === 0) return false
      const isSame = held?.due.some(({ id }) => pool.get(id)?.state === 'pending') === true
      if (held === undefined || !isSame) held = { due, until: now() + random() * holdMs }
      const isTime = held.until <= now()
      if (isTime) held = undefined
      return isTime
    },
  }
}
