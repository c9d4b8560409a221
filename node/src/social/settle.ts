import { MAX_SOCIAL_ACTIONS } from '@sluice/sdk/chain'
import type { SignedSocialAction, SocialRefusal } from '@sluice/sdk/social'
import type { Hash } from 'viem'
import { lastingAnswers, sortAnswers } from './plan-batch.ts'
import type { Sorted } from './plan-batch.ts'
import type { PoolEntry } from './entries.ts'
import type { Pool } from './pool.ts'

/** What the chain would refuse of these, one after the other, in one batch now. */
export type Check = (actions: readonly SignedSocialAction[]) => Promise<readonly (SocialRefusal | undefined)[]>

/** Writes down what became of some actions; `hash` is the transaction that did what is settled, where it is known. */
export function recordOutcomes(pool: Pool, { settled, refused }: Omit<Sorted, 'go'>, now: number, hash?: Hash): void {
  for (const { id } of settled) pool.move(id, { state: 'settled', ...(hash === undefined ? {} : { hash }) }, now)
  for (const { entry, reason } of refused) pool.move(entry.id, { state: 'refused', reason }, now)
}

/** Asks the chain about all that waits, 64 at a time, and writes down what has landed and what never can. */
export async function settleWaiting(pool: Pool, check: Check, now: () => number): Promise<readonly PoolEntry[]> {
  const waiting = pool.waiting()
  const settled: PoolEntry[] = []
  for (let at = 0; at < waiting.length; at += MAX_SOCIAL_ACTIONS) {
    const some = waiting.slice(at, at + MAX_SOCIAL_ACTIONS)
    const answers = lastingAnswers(await check(some.map(({ post }) => post)))
    const outcomes = sortAnswers(some, answers)
    recordOutcomes(pool, outcomes, now())
    settled.push(...outcomes.settled)
  }
  return settled
}
