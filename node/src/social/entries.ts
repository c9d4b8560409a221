import type { SocialAction, SocialReport } from '@sluice/sdk/social'
import type { Hex } from 'viem'

/** What is known of an action here. */
export type PoolEntry = SocialReport & {
  /** The address prefix of the page that posted it; missing where it came from a peer. */
  readonly prefix?: string
  /** Milliseconds, when this node took it; of what is settled or refused, when it became so. */
  readonly since: number
}

export const isWaiting = ({ state }: PoolEntry): boolean => state === 'pending' || state === 'submitted'

/** Entries, one for each wallet and nonce, found by these or by id; in the order in which they were last put. */
export function createEntries() {
  const byKey = new Map<string, PoolEntry>()
  const keys = new Map<Hex, string>()
  return {
    all: (): PoolEntry[] => [...byKey.values()],
    of: (action: SocialAction): PoolEntry | undefined => byKey.get(keyOf(action)),
    get(id: Hex): PoolEntry | undefined {
      const key = keys.get(id)
      return key === undefined ? undefined : byKey.get(key)
    },
    put(entry: PoolEntry): void {
      const key = keyOf(entry.post.action)
      byKey.delete(key)
      byKey.set(key, entry)
      keys.set(entry.id, key)
    },
    drop({ id, post }: PoolEntry): void {
      byKey.delete(keyOf(post.action))
      keys.delete(id)
    },
  }
}

function keyOf({ wallet, nonce }: SocialAction): string {
  return `${wallet.toLowerCase()}:${nonce}`
}

/** By the time that they name; a session's nonces count up within a second. */
export function bySaid({ post: { action: left } }: PoolEntry, { post: { action: right } }: PoolEntry): number {
  return (
    compare(left.issuedAt, right.issuedAt) || compare(left.wallet, right.wallet) || compare(left.nonce, right.nonce)
  )
}

function compare<T extends bigint | string>(left: T, right: T): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
