import type { Context } from 'ponder:registry'
import { contentDay, edition, topic } from '../../ponder.schema.ts'
import type { Hex } from 'viem'
import { numberedId, word } from '../ids.ts'
import { dayOf } from '../occurrence.ts'
import type { Occurrence } from '../occurrence.ts'

/** What can be said about: made when somebody first says something, or when the content is published. */
export async function nameTopic({ db }: Context, id: Hex): Promise<void> {
  await db.insert(topic).values({ id, content: null, reactionCount: 0, commentCount: 0 }).onConflictDoNothing()
}

const NOTHING = { views: 0, purchases: 0, keysSold: 0n, keysResold: 0n }

/** Adds to a content's row of the event's day. */
export async function countContentDay(
  { db }: Context,
  content: Hex,
  event: Occurrence,
  added: Partial<typeof NOTHING>,
): Promise<void> {
  const day = dayOf(event)
  const more = { ...NOTHING, ...added }
  await db
    .insert(contentDay)
    .values({ id: numberedId(content, day), content, day, ...more })
    .onConflictDoUpdate((row) => ({
      views: row.views + more.views,
      purchases: row.purchases + more.purchases,
      keysSold: row.keysSold + more.keysSold,
      keysResold: row.keysResold + more.keysResold,
    }))
}

/** An edition that an event of the contracts names, so that it was created. */
export async function requireEdition({ db }: Context, editionId: bigint) {
  return required(await db.find(edition, { id: word(editionId) }))
}

export function required<T>(found: T | null): T {
  if (found === null) throw new Error('An event names what no event has made')
  return found
}
