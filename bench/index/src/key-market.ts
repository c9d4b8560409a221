import { ponder } from 'ponder:registry'
import type { Context, Event } from 'ponder:registry'
import { content, listing, sale } from '../ponder.schema.ts'
import { eventId, join } from './ids.ts'
import { placeOf, timeOf } from './occurrence.ts'
import { nameAccount } from './store/account.ts'
import { countContentDay, requireEdition } from './store/content.ts'
import { addCredit } from './store/credit.ts'
import { earn } from './store/earnings.ts'
import { count } from './store/network.ts'
import { countMoved, nameToken } from './store/token.ts'

type Sold = Event<'KeyMarket:KeySold'>

ponder.on('KeyMarket:KeyListed', async ({ event, context }) => {
  const { editionId, seller, unitPrice, token, quantity, expiry } = event.args
  const edition = await requireEdition(context, editionId)
  await nameAccount(context, seller, event)
  await nameToken(context, token)
  const now = timeOf(event)
  const holding = join(edition.id, seller)
  const approval = join(seller, event.log.address)
  const of = { edition: edition.id, content: edition.content, seller, holding, approval }
  const terms = { state: 'OPEN', unitPrice, token, quantity, expiry, listedAt: now, updatedAt: now }
  await context.db
    .insert(listing)
    .values({ id: holding, ...of, ...terms })
    .onConflictDoUpdate(terms)
})

ponder.on('KeyMarket:KeySold', async ({ event, context }) => {
  const { editionId, seller, quantity, token, price, royalty } = event.args
  const edition = await requireEdition(context, editionId)
  await context.db.update(listing, { id: join(edition.id, seller) }).set((row) => ({
    quantity: row.quantity - quantity,
    state: row.quantity === quantity ? 'SOLD' : row.state,
    updatedAt: timeOf(event),
  }))
  await saveSale(context, edition, event)
  await shareProceeds(context, event)
  await countMoved(context, token, event, { paidForResales: price, royalties: royalty })
  await context.db.update(content, { id: edition.content }).set((row) => ({ keysResold: row.keysResold + quantity }))
  await countContentDay(context, edition.content, event, { keysResold: quantity })
  await count(context, event, { sales: 1 }, { sales: 1 })
})

async function saveSale(
  context: Context,
  edition: Awaited<ReturnType<typeof requireEdition>>,
  event: Sold,
): Promise<void> {
  const { seller, buyer, recipient, quantity, token, price, creator, royalty } = event.args
  for (const account of [seller, buyer, recipient, creator]) await nameAccount(context, account, event)
  const parties = { seller, buyer, recipient, creator }
  await context.db.insert(sale).values({
    id: eventId(event),
    edition: edition.id,
    content: edition.content,
    ...parties,
    quantity,
    token,
    price,
    royalty,
    ...placeOf(event),
  })
}

/** The royalty is the creator's, the rest the seller's. */
async function shareProceeds(context: Context, event: Sold): Promise<void> {
  const { seller, creator, token, price, royalty } = event.args
  if (royalty !== 0n) {
    await addCredit(context, { source: 'KEY_MARKET', account: creator, token }, royalty, event)
    await earn(context, 'royalties', creator, token, royalty, event)
  }
  if (price === royalty) return
  await addCredit(context, { source: 'KEY_MARKET', account: seller, token }, price - royalty, event)
  await earn(context, 'resold', seller, token, price - royalty, event)
}
