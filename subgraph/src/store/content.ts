import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Content, ContentDay, Topic } from '../../generated/schema'
import { dayId } from '../ids'
import { dayOf } from '../time'

/** What can be said about, made and saved when somebody first says something, or when the content is published. */
export function loadTopic(id: Bytes): Topic {
  const found = Topic.load(id)
  if (found !== null) return found
  const topic = new Topic(id)
  topic.reactionCount = 0
  topic.commentCount = 0
  topic.save()
  return topic
}

/** A content that an event of the contracts names, so that it was published. */
export function requireContent(id: Bytes): Content {
  return Content.load(id)!
}

/** A content's row of the event's day. */
export function loadContentDay(content: Bytes, event: ethereum.Event): ContentDay {
  const day = dayOf(event)
  const id = dayId(content, day)
  const found = ContentDay.load(id)
  if (found !== null) return found
  const row = new ContentDay(id)
  row.content = content
  row.day = day
  row.views = 0
  row.purchases = 0
  row.keysSold = BigInt.zero()
  row.keysResold = BigInt.zero()
  return row
}
