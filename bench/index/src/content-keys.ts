import { ponder } from 'ponder:registry'
import type { Context, Event } from 'ponder:registry'
import { content, edition, lockbox, purchase } from '../ponder.schema.ts'
import type { Hex } from 'viem'
import { zeroAddress } from 'viem'
import { eventId, lockboxId, word } from './ids.ts'
import { placeOf, timeOf } from './occurrence.ts'
import { nameAccount } from './store/account.ts'
import { countContentDay } from './store/content.ts'
import { addCredit } from './store/credit.ts'
import { earn } from './store/earnings.ts'
import { moveKeys, setApproval } from './store/holding.ts'
import { count } from './store/network.ts'
import { countMoved, nameToken } from './store/token.ts'
import { raise } from './trending.ts'

const FIRST_EPOCH = 1
const WHOLE_BPS = 10_000n
const FREE_DOUBLINGS = 0n
const PAID_DOUBLINGS = 3n

type Bought = Event<'ContentKeys:KeyBought'>
type Edition = typeof edition.$inferSelect

ponder.on('ContentKeys:EditionCreated', async ({ event, context }) => {
  const { editionId, contentId, creator, lockboxHash, terms } = event.args
  const [id, now] = [word(editionId), timeOf(event)]
  await nameAccount(context, creator, event)
  await nameToken(context, terms.token)
  for (const { to } of terms.payouts) await nameAccount(context, to, event)
  await context.db.insert(edition).values({
    id,
    content: contentId,
    creator,
    version: event.args.version,
    price: terms.price,
    token: terms.token,
    maxSupply: terms.maxSupply,
    sold: 0n,
    firstSlice: terms.firstSlice,
    lastSlice: terms.lastSlice,
    laterVersions: terms.laterVersions,
    duration: terms.duration,
    royaltyBps: terms.royaltyBps,
    referralBps: terms.referralBps,
    transferable: terms.transferable,
    payees: terms.payouts.map(({ to }) => to),
    payeeBps: terms.payouts.map(({ bps }) => bps),
    epoch: FIRST_EPOCH,
    lockboxHash,
    createdAt: now,
    updatedAt: now,
    holderCount: 0,
  })
  const epoch = FIRST_EPOCH
  await context.db.insert(lockbox).values({ id: lockboxId(id, epoch), edition: id, epoch, hash: lockboxHash, at: now })
  await context.db
    .update(content, { id: contentId })
    .set((row) => ({ editionCount: row.editionCount + 1, updatedAt: now }))
  await count(context, event, { editions: 1 }, { editions: 1 })
})

ponder.on('ContentKeys:KeyBought', async ({ event, context }) => {
  const { editionId, quantity, paid, token } = event.args
  const bought = await context.db.update(edition, { id: word(editionId) }).set((row) => ({ sold: row.sold + quantity }))
  const doublings = paid === 0n ? FREE_DOUBLINGS : PAID_DOUBLINGS
  const { creator } = await context.db.update(content, { id: bought.content }).set((row) => ({
    keysSold: row.keysSold + quantity,
    trendingScore: raise(row.trendingScore, timeOf(event), doublings),
  }))
  await savePurchase(context, bought, event)
  if (paid !== 0n) await shareRevenue(context, bought, creator, event)
  await countMoved(context, token, event, { paidForKeys: paid })
  await countContentDay(context, bought.content, event, { purchases: 1, keysSold: quantity })
  await count(context, event, { purchases: 1 }, { purchases: 1 })
})

async function savePurchase(context: Context, bought: Edition, event: Bought): Promise<void> {
  const { buyer, recipient, quantity, paid } = event.args
  const referrer = event.args.referrer === zeroAddress ? null : event.args.referrer
  await nameAccount(context, buyer, event)
  await nameAccount(context, recipient, event)
  if (referrer !== null) await nameAccount(context, referrer, event)
  const of = { edition: bought.id, content: bought.content, token: bought.token }
  await context.db
    .insert(purchase)
    .values({ id: eventId(event), ...of, buyer, recipient, referrer, quantity, paid, ...placeOf(event) })
}

/** Who was credited what for a purchase: the referrer, then the payees, or the creator alone. */
async function shareRevenue(context: Context, bought: Edition, creator: Hex, event: Bought): Promise<void> {
  const { referrer, paid } = event.args
  const pay = async (kind: 'sold' | 'referred', account: Hex, amount: bigint): Promise<void> => {
    if (amount === 0n) return
    await addCredit(context, { source: 'CONTENT_KEYS', account, token: bought.token }, amount, event)
    await earn(context, kind, account, bought.token, amount, event)
  }
  const referred = referrer === zeroAddress ? 0n : partOf(paid, bought.referralBps)
  await pay('referred', referrer, referred)
  const shared = paid - referred
  const [first = creator, ...others] = bought.payees
  let rest = shared
  for (const [index, payee] of others.entries()) {
    const part = partOf(shared, bought.payeeBps[index + 1] ?? 0)
    await pay('sold', payee, part)
    rest -= part
  }
  await pay('sold', first, rest)
}

function partOf(amount: bigint, bps: number): bigint {
  return (amount * BigInt(bps)) / WHOLE_BPS
}

ponder.on('ContentKeys:TransferSingle', async ({ event, context }) => {
  await moveKeys(context, { ...event.args, index: 0 }, event)
})

ponder.on('ContentKeys:ApprovalForAll', async ({ event, context }) => {
  await setApproval(context, event.args, event)
})

ponder.on('ContentKeys:Withdrawn', async ({ event, context }) => {
  const { account, token, amount } = event.args
  await addCredit(context, { source: 'CONTENT_KEYS', account, token }, -amount, event)
})
