import { Bytes, ethereum, store } from '@graphprotocol/graph-ts'
import {
  ActionRefused,
  Commented,
  Followed,
  HandleSet,
  Reacted,
  Unfollowed,
  Viewed,
} from '../../generated/SocialGraph/SocialGraph'
import { Comment, Follow, Reaction, ReactionKind, RefusedAction, Topic, View } from '../../generated/schema'
import { eventId, indexedId, isZero, pairId, word } from '../ids'
import { accountId, loadAccount } from '../store/account'
import { loadContentDay, loadTopic, requireContent } from '../store/content'
import { loadNetwork, loadNetworkDay } from '../store/network'
import { handleText } from '../text'
import { blockOf, timeOf } from '../time'
import { raise } from '../trending'

const NO_REACTION = 0

export function handleHandleSet(event: HandleSet): void {
  const account = loadAccount(event.params.wallet, event)
  account.handle = isZero(event.params.handle) ? null : handleText(event.params.handle)
  account.save()
}

export function handleFollowed(event: Followed): void {
  const follow = new Follow(pairId(event.params.wallet, event.params.target))
  follow.follower = event.params.wallet
  follow.target = event.params.target
  follow.since = timeOf(event)
  follow.save()
  countFollow(event.params.wallet, event.params.target, 1, event)
  const today = loadNetworkDay(event)
  today.follows += 1
  today.save()
}

export function handleUnfollowed(event: Unfollowed): void {
  store.remove('Follow', pairId(event.params.wallet, event.params.target).toHexString())
  countFollow(event.params.wallet, event.params.target, -1, event)
}

function countFollow(wallet: Bytes, target: Bytes, change: i32, event: ethereum.Event): void {
  const follower = loadAccount(wallet, event)
  follower.followingCount += change
  follower.save()
  const followed = loadAccount(target, event)
  followed.followerCount += change
  followed.save()
  const network = loadNetwork()
  network.follows += change
  network.save()
}

export function handleReacted(event: Reacted): void {
  const topic = loadTopic(event.params.contentId)
  const before = event.params.previous
  const now = event.params.kind
  if (before != NO_REACTION) countKind(topic, before, -1)
  if (now != NO_REACTION) countKind(topic, now, 1)

  const change = (now == NO_REACTION ? 0 : 1) - (before == NO_REACTION ? 0 : 1)
  topic.reactionCount += change
  topic.save()
  const network = loadNetwork()
  network.reactions += change
  network.save()
  setReaction(topic, event)
}

function countKind(topic: Topic, kind: i32, change: i32): void {
  const id = indexedId(topic.id, kind)
  let row = ReactionKind.load(id)
  if (row === null) {
    row = new ReactionKind(id)
    row.topic = topic.id
    row.kind = kind
    row.count = 0
  }
  row.count += change
  row.save()
}

function setReaction(topic: Topic, event: Reacted): void {
  const id = pairId(event.params.wallet, topic.id)
  if (event.params.kind == NO_REACTION) {
    store.remove('Reaction', id.toHexString())
    return
  }
  const reaction = new Reaction(id)
  reaction.account = accountId(event.params.wallet, event)
  reaction.topic = topic.id
  reaction.kind = event.params.kind
  reaction.at = timeOf(event)
  reaction.save()
  const today = loadNetworkDay(event)
  today.reactions += 1
  today.save()
}

export function handleCommented(event: Commented): void {
  const topic = loadTopic(event.params.contentId)
  topic.commentCount += 1
  topic.save()

  const comment = new Comment(eventId(event))
  comment.account = accountId(event.params.wallet, event)
  comment.topic = topic.id
  if (!isZero(event.params.parent)) comment.parent = event.params.parent
  comment.digest = event.params.digest
  comment.at = timeOf(event)
  comment.block = blockOf(event)
  comment.transaction = event.transaction.hash
  comment.save()

  const network = loadNetwork()
  network.comments += 1
  network.save()
  const today = loadNetworkDay(event)
  today.comments += 1
  today.save()
}

export function handleViewed(event: Viewed): void {
  const content = requireContent(event.params.contentId)
  content.viewCount += 1
  content.trendingScore = raise(content.trendingScore, timeOf(event), 0)
  content.save()

  const view = new View(eventId(event))
  view.account = accountId(event.params.wallet, event)
  view.content = content.id
  view.edition = word(event.params.editionId)
  view.day = event.params.day.toI32()
  view.at = timeOf(event)
  view.save()

  const day = loadContentDay(content.id, event)
  day.views += 1
  day.save()
  const network = loadNetwork()
  network.views += 1
  network.save()
  const today = loadNetworkDay(event)
  today.views += 1
  today.save()
}

export function handleActionRefused(event: ActionRefused): void {
  const refused = new RefusedAction(eventId(event))
  refused.wallet = event.params.wallet
  refused.nonce = event.params.nonce
  refused.reason = event.params.reason
  refused.at = timeOf(event)
  refused.transaction = event.transaction.hash
  refused.save()
}
