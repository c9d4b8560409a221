import type { Context } from 'ponder:registry'
import { escrow } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { join } from '../ids.ts'
import { timeOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'
import { nameAccount } from './account.ts'
import { nameToken } from './token.ts'

/** Adds to a wallet's free balance in a token; with a negative amount it goes into a channel. */
export async function changeEscrow(
  context: Context,
  of: { readonly payer: Hex; readonly token: Hex },
  amount: bigint,
  deposited: bigint,
  event: Occurrence,
): Promise<void> {
  await nameAccount(context, of.payer, event)
  await nameToken(context, of.token)
  const updatedAt = timeOf(event)
  const noWithdrawal = { withdrawn: 0n, withdrawalAmount: 0n, withdrawalAvailableAt: 0, withdrawalExpiresAt: 0 }
  await context.db
    .insert(escrow)
    .values({ id: join(of.payer, of.token), ...of, balance: amount, deposited, ...noWithdrawal, updatedAt })
    .onConflictDoUpdate((row) => ({ balance: row.balance + amount, deposited: row.deposited + deposited, updatedAt }))
}
