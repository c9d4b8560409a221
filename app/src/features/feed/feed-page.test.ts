import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import type { ContentKind, ContentStatus, readContents } from '@sluice/sdk/chain'
import type { Feed } from '@sluice/sdk/graph'
import { getAddress, numberToHex, zeroAddress, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { readFeedPage } from './feed-page.ts'
import type { FeedCursor, FeedSources, FeedView } from './feed-page.ts'

const ADA = getAddress(`0x${'ad'.repeat(20)}`)
const BOB = getAddress(`0x${'b0'.repeat(20)}`)
const id = (number: number): Hex => numberToHex(number, { size: 32 })

type Facts = { readonly kind?: ContentKind; readonly status?: ContentStatus; readonly creator?: Hex }

/** What the chain says of content 1, 2, 3, …. */
function chainOf(...facts: readonly Facts[]): readContents.Listed[] {
  return facts.map(({ kind = 'media', status = 'active', creator = ADA }, place) => ({
    content: { contentId: id(place + 1), creator, pendingCreator: zeroAddress, status, kind, versionCount: 1 },
    latest: { metaHash: zeroHash, proofRoot: zeroHash, sliceCount: 1, publishedAt: 5n },
  }))
}

type Question = Readonly<Record<string, unknown>>
type Answer = Feed | ErrorCode

/** Sources with an index that gives one answer, and logs that have all of the chain; `asked` notes what of whom. */
function sourcesOf(chain: readonly readContents.Listed[], answer: Answer | undefined) {
  const asked: [string, Question][] = []
  const index = (name: string) => (question: Question) => {
    asked.push([name, question])
    if (typeof answer === 'object') return Promise.resolve(answer)
    return Promise.reject(new SluiceError(answer ?? 'INTERNAL', 'It failed.'))
  }
  const sources: FeedSources = {
    index: answer === undefined ? undefined : { feed: index('feed'), search: index('search') },
    listFromLogs: ({ signal: _, ...question }) => {
      asked.push(['logs', question])
      return Promise.resolve({ contents: chain.map((listed) => ({ ...listed, blockNumber: 1n })), nextToBlock: 7n })
    },
    describe: (ids) => Promise.resolve(chain.filter(({ content }) => ids.includes(content.contentId))),
    wallet: BOB,
  }
  return { sources, asked }
}

async function read(sources: FeedSources, view: FeedView, cursor?: FeedCursor) {
  const page = await readFeedPage(sources, view, { cursor, first: 24, signal: new AbortController().signal })
  return { ...page, contents: page.contents.map(({ content }) => Number(content.contentId)) }
}

describe('a page of the feed', () => {
  it('is what the index names, in its order, as the chain has it', async () => {
    const rows = [{ contentId: id(2) }, { contentId: id(9) }, { contentId: id(1) }]
    const chain = chainOf({}, {}).toReversed()
    const { sources, asked } = sourcesOf(chain, { rows, cursor: 'c' })
    assert.deepEqual(await read(sources, { order: 'trending' }), {
      contents: [2, 1],
      next: { index: 'c' },
      standIn: false,
    })
    const { signal: _, ...question } = asked[0]?.[1] ?? {}
    assert.deepEqual(question, { order: 'trending', kind: undefined, creator: undefined, cursor: undefined, first: 24 })
  })

  it('shows nothing that the chain says is off sale, of another kind, or somebody else’s', async () => {
    const chain = chainOf({}, { status: 'delisted' }, { kind: 'file' }, { creator: BOB })
    const rows = [1, 2, 3, 4].map((number) => ({ contentId: id(number) }))
    const { sources } = sourcesOf(chain, { rows })
    const { contents } = await read(sources, { order: 'new', kind: 'media', creator: ADA })
    assert.deepEqual(contents, [1])
  })

  it('asks who the wallet follows, and searches where there are words', async () => {
    const { sources, asked } = sourcesOf([], { rows: [] })
    await read(sources, { order: 'following' })
    await read(sources, { order: 'trending', text: 'slow light', kind: 'file' }, { index: '24' })
    assert.deepEqual([asked[0]?.[0], asked[0]?.[1]['followedBy']], ['feed', BOB])
    assert.deepEqual([asked[1]?.[0], asked[1]?.[1]['text'], asked[1]?.[1]['cursor']], ['search', 'slow light', '24'])
    await read({ ...sources, wallet: undefined }, { order: 'following' })
    assert.equal(asked.length, 2, 'nobody follows nobody')
  })

  it('comes from the logs where there is no index', async () => {
    const { sources, asked } = sourcesOf(chainOf({}, { kind: 'file' }), undefined)
    const page = await read(sources, { order: 'new', kind: 'file' })
    assert.deepEqual(page, { contents: [2], next: { toBlock: 7n }, standIn: false })
    await read(sources, { order: 'new' }, { toBlock: 7n })
    assert.deepEqual(asked[1], ['logs', { limit: 24, toBlock: 7n }])
  })

  it('comes from the logs where the index fails, and goes on there', async () => {
    for (const code of ['INDEX_UNAVAILABLE', 'PROTOCOL_VIOLATION'] as const) {
      const { sources, asked } = sourcesOf(chainOf({}), code)
      assert.deepEqual(await read(sources, { order: 'new' }), { contents: [1], next: { toBlock: 7n }, standIn: true })
      assert.equal((await read(sources, { order: 'new' }, { toBlock: 7n })).standIn, true)
      assert.deepEqual(
        asked.map(([source]) => source),
        ['feed', 'logs', 'logs'],
      )
    }
  })

  it('fails where the logs could not tell, where a page was begun, and where nothing is wrong with the index', async () => {
    const { sources } = sourcesOf(chainOf({}), 'INDEX_UNAVAILABLE')
    const views: [FeedView, FeedCursor?][] = [
      [{ order: 'trending' }],
      [{ order: 'following' }],
      [{ order: 'new', text: 'light' }],
      [{ order: 'new' }, { index: 'c' }],
    ]
    for (const [view, cursor] of views) {
      await assert.rejects(read(sources, view, cursor), (error) => isSluiceError(error, 'INDEX_UNAVAILABLE'))
    }
    const stopped = sourcesOf(chainOf({}), 'ABORTED')
    await assert.rejects(read(stopped.sources, { order: 'new' }), (error) => isSluiceError(error, 'ABORTED'))
  })
})
