import type { Context } from 'ponder:registry'
import { earningsDay, earningsTotal } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { join, numberedId } from '../ids.ts'
import { dayOf, timeOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'
import { nameAccount } from './account.ts'

const NOTHING = { claimed: 0n, claimCount: 0, sold: 0n, referred: 0n, royalties: 0n, resold: 0n }

type Kind = 'claimed' | 'sold' | 'referred' | 'royalties' | 'resold'

/** Adds to what an account was paid in a token, since the beginning and on the event's day. */
export async function earn(
  context: Context,
  kind: Kind,
  account: Hex,
  token: Hex,
  amount: bigint,
  event: Occurrence,
): Promise<void> {
  await nameAccount(context, account, event)
  const id = join(account, token)
  const of = { account, node: account, token }
  const claims = kind === 'claimed' ? 1 : 0
  const first = { ...NOTHING, [kind]: amount, claimCount: claims }
  const updatedAt = timeOf(event)
  await context.db
    .insert(earningsTotal)
    .values({ id, ...of, ...first, updatedAt })
    .onConflictDoUpdate((row) => ({ [kind]: row[kind] + amount, claimCount: row.claimCount + claims, updatedAt }))
  const day = dayOf(event)
  await context.db
    .insert(earningsDay)
    .values({ id: numberedId(id, day), total: id, ...of, day, ...first })
    .onConflictDoUpdate((row) => ({ [kind]: row[kind] + amount, claimCount: row.claimCount + claims }))
}
