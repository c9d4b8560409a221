import { ponder } from 'ponder:registry'
import type { Context } from 'ponder:registry'
import { allowance, channel, channelPrefix, claim, session } from '../ponder.schema.ts'
import type { Hex } from 'viem'
import { eventItemId, join } from './ids.ts'
import { placeOf, timeOf } from './occurrence.ts'
import type { Occurrence } from './occurrence.ts'
import { nameAccount } from './store/account.ts'
import { required } from './store/content.ts'
import { earn } from './store/earnings.ts'
import { changeEscrow } from './store/escrow.ts'
import { count } from './store/network.ts'
import { countMoved, nameToken } from './store/token.ts'

/** `0x` and twenty bytes; what is left of a word is a running total. */
const PREFIX_END = 42

ponder.on('SliceChannels:Deposited', async ({ event, context }) => {
  const { payer, token, amount } = event.args
  await changeEscrow(context, { payer, token }, amount, amount, event)
  await countMoved(context, token, event, { deposited: amount })
})

ponder.on('SliceChannels:SessionAuthorized', async ({ event, context }) => {
  const { payer, sessionId, token, qx, qy, limit } = event.args
  const id = join(payer, sessionId)
  const now = timeOf(event)
  const until = { expiry: Number(event.args.expiry), updatedAt: now }
  await nameAccount(context, payer, event)
  await context.db
    .insert(session)
    .values({ id, payer, sessionId, qx, qy, authorizedAt: now, ...until })
    .onConflictDoUpdate(until)
  await nameToken(context, token)
  await context.db
    .insert(allowance)
    .values({ id: join(id, token), session: id, token, limit, grantedAt: now })
    .onConflictDoUpdate({ limit, grantedAt: now })
})

ponder.on('SliceChannels:ChannelOpened', async ({ event, context }) => {
  const { channelId: id, payer, payee, token, qx, qy, salt, deposit, challenge } = event.args
  await nameAccount(context, payer, event)
  await nameAccount(context, payee, event)
  await nameToken(context, token)
  const now = timeOf(event)
  const fresh = { claimed: 0n, refunded: 0n, openedAt: now, closesAt: null, closedAt: null, updatedAt: now }
  await context.db
    .insert(channel)
    .values({ id, payer, payee, node: payee, token, qx, qy, salt, state: 'OPEN', deposit, challenge, ...fresh })
  await context.db
    .insert(channelPrefix)
    .values({ id: prefixOf(id), channel: id })
    .onConflictDoUpdate({ channel: id })
  await changeEscrow(context, { payer, token }, -deposit, 0n, event)
  await count(context, event, { channels: 1, openChannels: 1 }, { channelsOpened: 1 })
})

ponder.on('SliceChannels:Claimed', async ({ event, context }) => {
  await saveClaim(
    context,
    { channel: event.args.channelId, total: event.args.claimed, batched: false, index: 0 },
    event,
  )
})

ponder.on('SliceChannels:BatchClaimed', async ({ event, context }) => {
  for (const [index, packed] of event.args.totals.entries()) {
    const found = required(await context.db.find(channelPrefix, { id: prefixOf(packed) }))
    const total = BigInt(`0x${packed.slice(PREFIX_END)}`)
    await saveClaim(context, { channel: found.channel, total, batched: true, index }, event)
  }
})

ponder.on('SliceChannels:ChannelClosed', async ({ event, context }) => {
  const { channelId: id, refunded } = event.args
  const now = timeOf(event)
  const closed = { state: 'CLOSED', refunded, closedAt: now, updatedAt: now }
  const { payer, token } = await context.db.update(channel, { id }).set(closed)
  await changeEscrow(context, { payer, token }, refunded, 0n, event)
  await count(context, event, { openChannels: -1 }, { channelsClosed: 1 })
})

type Claimed = { readonly channel: Hex; readonly total: bigint; readonly batched: boolean; readonly index: number }

/** Raises a channel's running total, and says who was paid what by that. */
async function saveClaim(context: Context, claimed: Claimed, event: Occurrence): Promise<void> {
  const { channel: id, total, batched, index } = claimed
  const before = required(await context.db.find(channel, { id }))
  const { payer, payee, token } = before
  const paid = total - before.claimed
  await context.db.update(channel, { id }).set({ claimed: total, updatedAt: timeOf(event) })
  await context.db.insert(claim).values({
    id: eventItemId(event, index),
    channel: id,
    payer,
    payee,
    token,
    paid,
    total,
    batched,
    ...placeOf(event),
  })
  await earn(context, 'claimed', payee, token, paid, event)
  await countMoved(context, token, event, { claimed: paid })
  await count(context, event, { claims: 1 }, { claims: 1 })
}

function prefixOf(id: Hex): Hex {
  return `0x${id.slice(2, PREFIX_END)}`
}
