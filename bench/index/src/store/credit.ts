import type { Context } from 'ponder:registry'
import { credit } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { join } from '../ids.ts'
import { timeOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'
import { nameAccount } from './account.ts'
import { nameToken } from './token.ts'

type Credit = { readonly source: 'CONTENT_KEYS' | 'KEY_MARKET'; readonly account: Hex; readonly token: Hex }

/** Adds to what the event's contract owes an account, or with a negative amount says that it paid it out. */
export async function addCredit(context: Context, of: Credit, amount: bigint, event: Occurrence): Promise<void> {
  const [credited, withdrawn] = amount > 0n ? [amount, 0n] : [0n, -amount]
  const updatedAt = timeOf(event)
  await nameAccount(context, of.account, event)
  await nameToken(context, of.token)
  await context.db
    .insert(credit)
    .values({
      id: join(event.log.address, of.account, of.token),
      ...of,
      credited,
      withdrawn,
      balance: amount,
      updatedAt,
    })
    .onConflictDoUpdate((row) => ({
      credited: row.credited + credited,
      withdrawn: row.withdrawn + withdrawn,
      balance: row.balance + amount,
      updatedAt,
    }))
}
