import type { Context } from 'ponder:registry'
import { edition, keyApproval, keyHolding, keyTransfer } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { zeroAddress } from 'viem'
import { eventItemId, join, word } from '../ids.ts'
import { placeOf, timeOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'
import { nameAccount } from './account.ts'
import { requireEdition } from './content.ts'

/** Keys of one edition that moved; from address zero they are minted. */
export async function moveKeys(
  context: Context,
  moved: { readonly id: bigint; readonly value: bigint; readonly from: Hex; readonly to: Hex; readonly index: number },
  event: Occurrence,
): Promise<void> {
  const { value: quantity, from, to, index } = moved
  if (quantity === 0n) return
  const id = word(moved.id)
  const isMint = from === zeroAddress
  if (!isMint) await takeKeys(context, id, from, quantity, event)
  await addKeys(context, moved.id, to, quantity, event)
  if (isMint) return
  await nameAccount(context, to, event)
  await context.db
    .insert(keyTransfer)
    .values({ id: eventItemId(event, index), edition: id, from, to, quantity, ...placeOf(event) })
}

async function addKeys(context: Context, editionId: bigint, holder: Hex, quantity: bigint, event: Occurrence) {
  const { db } = context
  const id = join(word(editionId), holder)
  const now = timeOf(event)
  const held = await db.find(keyHolding, { id })
  if (held !== null) {
    const acquiredAt = held.balance === 0n ? now : held.acquiredAt
    await db.update(keyHolding, { id }).set({ balance: held.balance + quantity, acquiredAt, updatedAt: now })
  } else {
    await nameAccount(context, holder, event)
    const { id: of, content } = await requireEdition(context, editionId)
    const fresh = { balance: quantity, expiresAt: 0, acquiredAt: now, updatedAt: now }
    await db.insert(keyHolding).values({ id, edition: of, content, holder, ...fresh })
  }
  if ((held?.balance ?? 0n) === 0n) await countHolders(context, word(editionId), 1)
}

async function takeKeys(context: Context, edition: Hex, holder: Hex, quantity: bigint, event: Occurrence) {
  const id = join(edition, holder)
  const { balance } = await context.db
    .update(keyHolding, { id })
    .set((row) => ({ balance: row.balance - quantity, updatedAt: timeOf(event) }))
  if (balance === 0n) await countHolders(context, edition, -1)
}

async function countHolders({ db }: Context, id: Hex, change: number): Promise<void> {
  await db.update(edition, { id }).set((row) => ({ holderCount: row.holderCount + change }))
}

export async function setApproval(
  context: Context,
  said: { readonly account: Hex; readonly operator: Hex; readonly approved: boolean },
  event: Occurrence,
): Promise<void> {
  await nameAccount(context, said.account, event)
  const now = { approved: said.approved, updatedAt: timeOf(event) }
  await context.db
    .insert(keyApproval)
    .values({ id: join(said.account, said.operator), account: said.account, operator: said.operator, ...now })
    .onConflictDoUpdate(now)
}
