import type { Context } from 'ponder:registry'
import { token, tokenDay } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { numberedId } from '../ids.ts'
import { dayOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'

const NOTHING = {
  paidForKeys: 0n,
  paidForResales: 0n,
  royalties: 0n,
  claimed: 0n,
  deposited: 0n,
  withdrawn: 0n,
}

type Sums = typeof NOTHING

/** A token's row is made when it is first named. Returns its id. */
export async function nameToken({ db }: Context, id: Hex): Promise<Hex> {
  await db
    .insert(token)
    .values({ id, ...NOTHING })
    .onConflictDoNothing()
  return id
}

/** Adds to what moved in a token, since the beginning and on the event's day. */
export async function countMoved({ db }: Context, id: Hex, event: Occurrence, moved: Partial<Sums>): Promise<void> {
  await db
    .insert(token)
    .values({ id, ...NOTHING, ...moved })
    .onConflictDoUpdate((row) => sums(row, moved))
  const day = dayOf(event)
  await db
    .insert(tokenDay)
    .values({ id: numberedId(id, day), token: id, day, ...NOTHING, ...moved })
    .onConflictDoUpdate((row) => sums(row, moved))
}

function sums(row: Sums, moved: Partial<Sums>): Partial<Sums> {
  const changed: Partial<Sums> = {}
  for (const name of Object.keys(moved) as (keyof Sums)[]) changed[name] = row[name] + (moved[name] ?? 0n)
  return changed
}
