import type { Hex } from 'viem'
import { isWaiting } from './entries.ts'
import type { PoolEntry } from './entries.ts'
import type { Pool } from './pool.ts'
import type { SubmissionsTable } from './submissions-table.ts'

export type SentOptions = {
  readonly pool: Pool
  readonly submissions: SubmissionsTable
  /** Whether a transaction of this node's waits to be mined, as the chain's endpoint knows. */
  readonly hasOutstanding: () => Promise<boolean>
  readonly now: () => number
}

/** How long what was sent, or may have been, is left alone before it is looked for in vain. */
const RELEASE_MS = 60_000

/**
 * What may be in a transaction of this node's: written down before it is sent, and until it is seen on chain or free to
 * go again.
 */
export function createSent({ pool, submissions, hasOutstanding, now }: SentOptions) {
  const sentAt = new Map<Hex, number>()
  return {
    /** Takes up what a run before had sent. */
    async restore(): Promise<void> {
      for (const { id, post, submittedAt } of await submissions.load()) {
        sentAt.set(id, submittedAt)
        pool.restore({ id, post, since: submittedAt, state: 'submitted' })
      }
    },
    /** Must be called before these are sent. */
    add(entries: readonly PoolEntry[]): void {
      const submittedAt = now()
      submissions.add(entries.map(({ id, post }) => ({ id, post, submittedAt })))
      for (const { id } of entries) {
        sentAt.set(id, submittedAt)
        pool.move(id, { state: 'submitted' }, submittedAt)
      }
    },
    /** Lets go again what has no end a minute after it was sent, while none of this node's transactions waits. */
    async release(): Promise<void> {
      const isOld = ({ id }: PoolEntry): boolean => (sentAt.get(id) ?? 0) + RELEASE_MS <= now()
      const old = pool.waiting().filter((entry) => entry.state === 'submitted' && isOld(entry))
      if (old.length === 0 || (await hasOutstanding())) return
      for (const { id } of old) pool.move(id, { state: 'pending' }, now())
    },
    /** Forgets what has found its end. */
    forget(): void {
      const over = [...sentAt.keys()].filter((id) => {
        const entry = pool.get(id)
        return entry === undefined || !isWaiting(entry)
      })
      if (over.length > 0) submissions.remove(over)
      for (const id of over) sentAt.delete(id)
    },
  }
}
