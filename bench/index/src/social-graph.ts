import { ponder } from 'ponder:registry'
import type { Context } from 'ponder:registry'
import { account, comment, content, follow, reaction, reactionKind, topic, view } from '../ponder.schema.ts'
import type { Hex } from 'viem'
import { hexToString, zeroHash } from 'viem'
import { eventId, join, numberedId, word } from './ids.ts'
import { placeOf, timeOf } from './occurrence.ts'
import type { Occurrence } from './occurrence.ts'
import { countOfAccount, nameAccount } from './store/account.ts'
import { countContentDay, nameTopic } from './store/content.ts'
import { count, countToday, countTotals } from './store/network.ts'
import { raise } from './trending.ts'

const NO_REACTION = 0

ponder.on('SocialGraph:HandleSet', async ({ event, context }) => {
  const { wallet: id, handle } = event.args
  await nameAccount(context, id, event)
  await context.db
    .update(account, { id })
    .set({ handle: handle === zeroHash ? null : hexToString(handle, { size: 32 }) })
})

ponder.on('SocialGraph:Followed', async ({ event, context }) => {
  const { wallet: follower, target } = event.args
  const since = timeOf(event)
  await context.db
    .insert(follow)
    .values({ id: join(follower, target), follower, target, since })
    .onConflictDoUpdate({ since })
  await countFollow(context, follower, target, 1, event)
  await countToday(context, event, { follows: 1 })
})

ponder.on('SocialGraph:Unfollowed', async ({ event, context }) => {
  const { wallet, target } = event.args
  await context.db.delete(follow, { id: join(wallet, target) })
  await countFollow(context, wallet, target, -1, event)
})

async function countFollow(context: Context, wallet: Hex, target: Hex, change: number, event: Occurrence) {
  await countOfAccount(context, wallet, 'followingCount', change, event)
  await countOfAccount(context, target, 'followerCount', change, event)
  await countTotals(context, { follows: change })
}

ponder.on('SocialGraph:Reacted', async ({ event, context }) => {
  const { wallet, contentId, kind, previous } = event.args
  await nameTopic(context, contentId)
  if (previous !== NO_REACTION) await countKind(context, contentId, previous, -1)
  if (kind !== NO_REACTION) await countKind(context, contentId, kind, 1)
  const change = Number(kind !== NO_REACTION) - Number(previous !== NO_REACTION)
  await context.db.update(topic, { id: contentId }).set((row) => ({ reactionCount: row.reactionCount + change }))
  await countTotals(context, { reactions: change })
  await setReaction(context, { account: wallet, topic: contentId, kind }, event)
})

async function countKind({ db }: Context, of: Hex, kind: number, change: number): Promise<void> {
  await db
    .insert(reactionKind)
    .values({ id: numberedId(of, kind), topic: of, kind, count: change })
    .onConflictDoUpdate((row) => ({ count: row.count + change }))
}

type Reaction = { readonly account: Hex; readonly topic: Hex; readonly kind: number }

async function setReaction(context: Context, said: Reaction, event: Occurrence): Promise<void> {
  const id = join(said.account, said.topic)
  if (said.kind === NO_REACTION) {
    await context.db.delete(reaction, { id })
    return
  }
  await nameAccount(context, said.account, event)
  const now = { kind: said.kind, at: timeOf(event) }
  await context.db
    .insert(reaction)
    .values({ id, account: said.account, topic: said.topic, ...now })
    .onConflictDoUpdate(now)
  await countToday(context, event, { reactions: 1 })
}

ponder.on('SocialGraph:Commented', async ({ event, context }) => {
  const { wallet, contentId, digest } = event.args
  const parent = event.args.parent === zeroHash ? null : event.args.parent
  await nameTopic(context, contentId)
  await context.db.update(topic, { id: contentId }).set((row) => ({ commentCount: row.commentCount + 1 }))
  await nameAccount(context, wallet, event)
  await context.db
    .insert(comment)
    .values({ id: eventId(event), account: wallet, topic: contentId, parent, digest, ...placeOf(event) })
  await count(context, event, { comments: 1 }, { comments: 1 })
})

ponder.on('SocialGraph:Viewed', async ({ event, context }) => {
  const { wallet, contentId, editionId, day } = event.args
  const at = timeOf(event)
  await context.db
    .update(content, { id: contentId })
    .set((row) => ({ viewCount: row.viewCount + 1, trendingScore: raise(row.trendingScore, at, 0n) }))
  await nameAccount(context, wallet, event)
  const of = { account: wallet, content: contentId, edition: word(editionId) }
  await context.db.insert(view).values({ id: eventId(event), ...of, day: Number(day), at })
  await countContentDay(context, contentId, event, { views: 1 })
  await count(context, event, { views: 1 }, { views: 1 })
})
