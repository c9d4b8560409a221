import type { SocialAction } from '@sluice/sdk/social'
import type { Hex } from 'viem'
import { createDailyCounts } from './daily-counts.ts'
import { bySaid, createEntries, isWaiting } from './entries.ts'
import type { PoolEntry } from './entries.ts'

export type PoolLimits = {
  /** Actions that wait, all wallets together. */
  readonly total: number
  readonly perWallet: number
  /** Of one address prefix's pages. */
  readonly perPrefix: number
  /** Taken of one wallet within a day, whatever became of them. */
  readonly perWalletDaily: number
  /** Those that are settled or refused and still told of. */
  readonly done: number
  /** How long one may wait, and how long one that is done is told of, in milliseconds. */
  readonly waitMs: number
  readonly doneMs: number
}

export const POOL_LIMITS: PoolLimits = {
  total: 4096,
  perWallet: 32,
  perPrefix: 256,
  perWalletDaily: 200,
  done: 1024,
  waitMs: 24 * 3_600_000,
  doneMs: 600_000,
}

/** Why an action is not taken, by what else is there. */
export type PoolRefusal = 'full' | 'wallet-full' | 'prefix-full' | 'wallet-daily'

export type Pool = ReturnType<typeof createPool>

/**
 * The actions that this node knows of and that are not long done, in memory, each once by wallet and nonce. Decides by
 * counts and times alone; that an action may be said at all is found out before. `onSettled` is told of each that is
 * done on chain.
 */
export function createPool(limits: PoolLimits = POOL_LIMITS, onSettled: (entry: PoolEntry) => void = () => undefined) {
  const { all, of, get, put, drop } = createEntries()
  const daily = createDailyCounts()
  const waiting = (): PoolEntry[] => all().filter(isWaiting)
  const waitingOf = (wallet: Hex): PoolEntry[] => waiting().filter(({ post }) => post.action.wallet === wallet)

  return {
    get,
    /** What is known under an action's wallet and nonce, be it this action or another. */
    known: of,
    /** Everything that waits to be settled, in the order in which it was said. */
    waiting: (): PoolEntry[] => waiting().sort(bySaid),
    waitingOf: (wallet: Hex): PoolEntry[] => waitingOf(wallet).sort(bySaid),
    /** Why one more of this wallet and prefix would not be taken now; undefined where it would. */
    refuses: ({ wallet }: SocialAction, prefix: string | undefined, now: number): PoolRefusal | undefined =>
      refusalOf(waiting(), { wallet, prefix, today: daily.of(wallet, now) }, limits),
    /**
     * Takes what {@link refuses} does not; where all is full, in the place of one of a wallet that has more than its
     * share.
     */
    add(entry: PoolEntry): void {
      const { wallet } = entry.post.action
      const crowd = waiting().length >= limits.total ? crowdingOf(waiting(), wallet) : undefined
      if (crowd !== undefined) drop(crowd)
      put(entry)
      daily.add(wallet, entry.since)
    },
    /** Puts back what a run before had submitted; counts for nobody. */
    restore: put,
    /** Tells what became of an action; one that is gone stays so. */
    move(id: Hex, change: Pick<PoolEntry, 'state' | 'hash' | 'reason'>, now: number): void {
      const entry = get(id)
      if (entry === undefined) return
      const moved = { ...bare(entry), ...change }
      put(isWaiting(moved) ? moved : { ...moved, since: now })
      if (moved.state === 'settled' && entry.state !== 'settled') onSettled(moved)
    },
    /**
     * The chain took back some of its blocks: what had been settled by them waits again, and what this node had
     * submitted is watched again, as its transaction may come back.
     */
    reopen(): void {
      for (const entry of all().filter(({ state }) => state === 'settled')) {
        put({ ...bare(entry), state: entry.hash === undefined ? 'pending' : 'submitted' })
      }
    },
    /** For display: of a wallet, about a subject (a content id, or a followed wallet in a word), newest first. */
    find({ wallet, subject }: { wallet?: Hex; subject?: Hex }, limit: number): readonly PoolEntry[] {
      const matches = ({ post: { action } }: PoolEntry): boolean =>
        (wallet === undefined || action.wallet === wallet) && (subject === undefined || action.subject === subject)
      return all().filter(matches).sort(bySaid).reverse().slice(0, limit)
    },
    /** Forgets what waited or was told of too long, and of what is done the oldest beyond its share. */
    expire(now: number): void {
      for (const entry of all().filter((each) => isOver(each, limits, now))) drop(entry)
      const done = all().filter((entry) => !isWaiting(entry))
      for (const entry of done.slice(0, Math.max(0, done.length - limits.done))) drop(entry)
    },
  }
}

type Newcomer = { readonly wallet: Hex; readonly prefix: string | undefined; readonly today: number }

function refusalOf(waiting: PoolEntry[], { wallet, prefix, today }: Newcomer, limits: PoolLimits) {
  const count = (matches: (entry: PoolEntry) => boolean): number => waiting.filter(matches).length
  if (count(({ post }) => post.action.wallet === wallet) >= limits.perWallet) return 'wallet-full'
  if (today >= limits.perWalletDaily) return 'wallet-daily'
  if (prefix !== undefined && count((entry) => entry.prefix === prefix) >= limits.perPrefix) return 'prefix-full'
  return waiting.length >= limits.total && crowdingOf(waiting, wallet) === undefined ? 'full' : undefined
}

/** The last word of the wallet that has most waiting, where that is more than the newcomer would have. */
function crowdingOf(waiting: readonly PoolEntry[], newcomer: Hex): PoolEntry | undefined {
  const byWallet = Map.groupBy(waiting, ({ post }) => post.action.wallet)
  const [most = []] = [...byWallet.values()].sort((left, right) => right.length - left.length)
  if (most.length <= (byWallet.get(newcomer)?.length ?? 0) + 1) return undefined
  return most.sort(bySaid).findLast(({ state }) => state === 'pending')
}

function isOver(entry: PoolEntry, { waitMs, doneMs }: PoolLimits, now: number): boolean {
  // What was submitted is watched until its transaction has an end.
  return entry.state !== 'submitted' && entry.since + (isWaiting(entry) ? waitMs : doneMs) <= now
}

/** Without what was known of its end. */
function bare({ hash: _hash, reason: _reason, ...entry }: PoolEntry): PoolEntry {
  return entry
}
