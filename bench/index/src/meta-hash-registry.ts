import { ponder } from 'ponder:registry'
import { content, topic, version } from '../ponder.schema.ts'
import { numberedId } from './ids.ts'
import { placeOf, timeOf } from './occurrence.ts'
import { countOfAccount } from './store/account.ts'
import { nameTopic } from './store/content.ts'
import { count } from './store/network.ts'
import { titleOf } from './title.ts'

const KINDS = ['MEDIA', 'FILE', 'COMPONENT'] as const

ponder.on('MetaHashRegistry:ContentPublished', async ({ event, context }) => {
  const { contentId: id, creator, kind, salt } = event.args
  await countOfAccount(context, creator, 'contentCount', 1, event)
  await nameTopic(context, id)
  await context.db.update(topic, { id }).set({ content: id })
  await context.db.insert(content).values({
    id,
    creator,
    publisher: creator,
    pendingCreator: null,
    kind: KINDS[kind] ?? '',
    status: 'ACTIVE',
    salt,
    title: null,
    versionCount: 0,
    latest: numberedId(id, 1),
    publishedAt: timeOf(event),
    updatedAt: timeOf(event),
    editionCount: 0,
    keysSold: 0n,
    keysResold: 0n,
    viewCount: 0,
    trendingScore: 0,
    topic: id,
  })
  await count(context, event, { contents: 1 }, { contents: 1 })
})

ponder.on('MetaHashRegistry:VersionPublished', async ({ event, context }) => {
  const { contentId, version: number, metaHash, proofRoot, sliceCount } = event.args
  const title = titleOf(event.transaction.input, metaHash)
  const id = numberedId(contentId, number)
  const { at, ...place } = placeOf(event)
  await context.db
    .insert(version)
    .values({ id, content: contentId, number, metaHash, proofRoot, sliceCount, title, publishedAt: at, ...place })
  const said = title === null ? {} : { title }
  await context.db.update(content, { id: contentId }).set({ latest: id, versionCount: number, ...said, updatedAt: at })
  await count(context, event, { versions: 1 }, { versions: 1 })
})
