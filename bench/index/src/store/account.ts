import type { Context } from 'ponder:registry'
import { account } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { timeOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'
import { count } from './network.ts'

/** A wallet's row is made when it is first named. Returns its id. */
export async function nameAccount(context: Context, id: Hex, event: Occurrence): Promise<Hex> {
  const fresh = { id, handle: null, contentCount: 0, followerCount: 0, followingCount: 0, createdAt: timeOf(event) }
  const made = await context.db.insert(account).values(fresh).onConflictDoNothing()
  if (made !== null) await count(context, event, { accounts: 1 }, { newAccounts: 1 })
  return id
}

/** Adds to what an account has. */
export async function countOfAccount(
  context: Context,
  id: Hex,
  name: 'contentCount' | 'followerCount' | 'followingCount',
  change: number,
  event: Occurrence,
): Promise<void> {
  await nameAccount(context, id, event)
  await context.db.update(account, { id }).set((row) => ({ [name]: row[name] + change }))
}
