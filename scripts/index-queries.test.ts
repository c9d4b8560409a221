import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { getAddress, hexToBytes, numberToHex, toHex } from 'viem'
import type { Hex } from 'viem'
import { createIndexReader, INDEX_QUERIES } from '../sdk/src/graph/index.ts'
import type { IndexReader, Page } from '../sdk/src/graph/index.ts'
import { parseSchema } from '../subgraph/runner/src/schema/index.ts'
import type { Field } from '../subgraph/runner/src/schema/index.ts'
import type { Entity } from '../subgraph/runner/src/storage/values.ts'
import { createTestSubgraph } from '../subgraph/runner/src/testing/test-subgraph.ts'
import { ROOT } from './lib/paths.ts'

/** The sdk's questions, put to the runner's own GraphQL over the subgraph's own schema. */

const SCHEMA = readFileSync(join(ROOT, 'subgraph/schema.graphql'), 'utf8')
const schema = parseSchema(SCHEMA)
const subgraph = createTestSubgraph(SCHEMA)
const asked = new Set<string>()
const [ADA, BOB] = [getAddress(`0x${'aD'.repeat(20)}`), getAddress(`0x${'b0'.repeat(20)}`)]
const NATIVE = new Uint8Array(20)
const DAY = 20_000
/** An operation of GraphQL with a name, or a string that is one without. */
const QUERY = /\b(?:query|mutation|subscription)\s+[A-Z]\w*\s*[({]|\bquery:\s*[`'"]/

const index: IndexReader = createIndexReader({
  url: 'http://index.example',
  fetch: (_, init) => {
    const { query, variables } = JSON.parse(init?.body as string) as {
      query: string
      variables: Record<string, unknown>
    }
    asked.add(query)
    return Promise.resolve(Response.json(subgraph.execute(query, variables)))
  },
})

const hash = (number: number): Hex => numberToHex(number, { size: 32 })
const join20 = (...parts: Hex[]) => hexToBytes(`0x${parts.map((part) => part.slice(2)).join('')}`)

/** Writes an entity; what it does not say is nothing, zero or empty, as the field allows. */
function write(type: string, id: Uint8Array, fields: Entity): void {
  const rest = (schema.entities.get(type)?.fields ?? [])
    .filter(({ name, isRequired, derivedFrom }) => isRequired && derivedFrom === undefined && !(name in fields))
    .map((field) => [field.name, blank(field)] as const)
  subgraph.write(1, type, { ...Object.fromEntries(rest), ...fields, id })
}

function blank(field: Field): Entity[string] {
  if (field.isList) return []
  const blanks: Partial<Record<string, Entity[string]>> = {
    Bytes: NATIVE,
    Int: 0,
    Int8: 0n,
    BigInt: 0n,
    Boolean: false,
    String: '',
  }
  return blanks[field.valueType] ?? null
}

/** Eight contents, four of each wallet; of two seconds, and of three scores. */
function writeContents(): void {
  for (let number = 1; number <= 8; number += 1) {
    const id = hexToBytes(hash(number))
    write('Content', id, {
      creator: hexToBytes(number % 2 === 0 ? ADA : BOB),
      kind: number < 7 ? 'MEDIA' : 'FILE',
      status: number === 5 ? 'DELISTED' : 'ACTIVE',
      title: number === 3 ? 'Slow light, in water' : 'Something else',
      publishedAt: number < 5 ? 100n : 200n,
      trendingScore: BigInt((number % 3) - 1),
      viewCount: number,
      latest: id,
      topic: id,
    })
  }
}

function writePeople(): void {
  write('Account', hexToBytes(ADA), { handle: 'ada', contentCount: 4, followerCount: 1, followingCount: 0 })
  write('Account', hexToBytes(BOB), { handle: null })
  write('Follow', join20(BOB, ADA), { follower: hexToBytes(BOB), target: hexToBytes(ADA), since: 5n })
  const topic = hexToBytes(hash(3))
  write('Topic', topic, { content: topic, reactionCount: 2, commentCount: 3 })
  write('Reaction', join20(BOB, hash(3)), { account: hexToBytes(BOB), topic, kind: 2, at: 5n })
  for (const [kind, count] of [
    [1, 0],
    [2, 1],
    [3, 4],
  ] as const) {
    write('ReactionKind', join20(hash(3), numberToHex(kind, { size: 4 })), { topic, kind, count })
  }
  for (let number = 0; number < 3; number += 1) {
    const parent = number === 2 ? hexToBytes(hash(50)) : null
    const fields = { account: hexToBytes(ADA), topic, parent, digest: hexToBytes(hash(50 + number)), at: 9n }
    write('Comment', join20(hash(number), '0x00000000'), fields)
  }
}

function writeTrade(): void {
  for (const [edition, balance, expiresAt] of [
    [1, 0n, 0n],
    [2, 3n, 0n],
    [3, 0n, 77n],
  ] as const) {
    const fields = { edition: hexToBytes(hash(edition)), content: hexToBytes(hash(1)), balance, expiresAt }
    write('KeyHolding', join20(hash(edition), ADA), { ...fields, holder: hexToBytes(ADA), acquiredAt: 5n })
    write('Edition', hexToBytes(hash(edition)), {
      content: hexToBytes(hash(1)),
      creator: hexToBytes(BOB),
      token: NATIVE,
    })
  }
  write('KeyHolding', join20(hash(2), BOB), { holder: hexToBytes(BOB), edition: hexToBytes(hash(2)), balance: 1n })
  write('KeyApproval', join20(ADA, BOB), { account: hexToBytes(ADA), approved: true })
  write('Token', NATIVE, {})
  for (const [edition, seller, price] of [
    [1, ADA, 5n],
    [2, ADA, 10n ** 30n],
    [2, BOB, 10n ** 31n],
  ] as const) {
    write('Listing', join20(hash(edition), seller), {
      edition: hexToBytes(hash(edition)),
      content: hexToBytes(hash(1)),
      seller: hexToBytes(seller),
      holding: join20(hash(edition), seller),
      approval: join20(ADA, BOB),
      state: 'OPEN',
      unitPrice: price,
      token: NATIVE,
      quantity: 1n,
      expiry: 2n ** 64n - 1n,
    })
  }
  const total = { account: hexToBytes(ADA), token: NATIVE, claimed: 2n * 10n ** 20n, sold: 7n }
  write('EarningsTotal', join20(ADA, numberToHex(0, { size: 20 })), total)
  for (const day of [DAY, DAY + 1]) {
    const fields = {
      earnings: NATIVE,
      account: hexToBytes(ADA),
      token: NATIVE,
      day,
      claimed: 10n ** 20n,
      claimCount: 1,
    }
    write('EarningsDay', join20(ADA, numberToHex(day, { size: 4 })), fields)
  }
}

async function feedOf(options: Partial<Parameters<IndexReader['feed']>[0]>): Promise<number[]> {
  const seen: number[] = []
  let cursor: string | undefined
  do {
    const page = await index.feed({ order: 'new', first: 2, ...options, cursor })
    seen.push(...page.rows.map(({ contentId }) => Number(contentId)))
    cursor = page.cursor
  } while (cursor !== undefined)
  return seen
}

describe('what the sdk asks of an index', () => {
  before(() => {
    writeContents()
    writePeople()
    writeTrade()
  })

  it('is a feed in its order, of what is on sale, page by page', async () => {
    assert.deepEqual(await feedOf({}), [8, 7, 6, 4, 3, 2, 1])
    assert.deepEqual(await feedOf({ order: 'trending' }), [8, 2, 7, 4, 1, 6, 3])
  })

  it('is the feed of a kind, of a creator, and of who is followed', async () => {
    assert.deepEqual(await feedOf({ kind: 'file' }), [8, 7])
    assert.deepEqual(await feedOf({ creator: ADA, kind: 'media' }), [6, 4, 2])
    assert.deepEqual(await feedOf({ followedBy: BOB }), [8, 6, 4, 2])
    assert.deepEqual(await feedOf({ followedBy: ADA }), [])
  })

  it('finds contents by the words of their titles', async () => {
    const found = async (text: string) => (await index.search({ text })).rows.map(({ contentId }) => Number(contentId))
    assert.deepEqual(await found('light SLOW'), [3])
    assert.deepEqual(await found('wat'), [3])
    assert.deepEqual(await found('light & !slow | nothing'), [])
    assert.deepEqual((await index.search({ text: 'something', kind: 'file' })).rows.length, 2)
  })

  it('sums up and lists what was said', async () => {
    assert.deepEqual(await index.topic({ topic: hash(3), wallet: BOB }), {
      reactionCount: 2,
      reactions: [
        { kind: 3, count: 4 },
        { kind: 2, count: 1 },
      ],
      mine: 2,
      commentCount: 3,
      viewCount: 3,
    })
    const first = await index.comments({ topic: hash(3), first: 2 })
    const second = await index.comments({ topic: hash(3), first: 2, cursor: first.cursor })
    const comments = [...first.rows, ...second.rows]
    assert.deepEqual(
      comments.map(({ digest }) => Number(digest)),
      [52, 51, 50],
    )
    assert.deepEqual(
      [comments[0]?.parent, comments[0]?.author, comments[0]?.handle],
      [toHex(50, { size: 32 }), ADA, 'ada'],
    )
  })

  it('knows accounts by address and by handle', async () => {
    const counts = { contentCount: 4, followerCount: 1, followingCount: 0 }
    assert.deepEqual(await index.account({ address: ADA, wallet: BOB }), {
      address: ADA,
      handle: 'ada',
      ...counts,
      followed: true,
    })
    assert.equal((await index.account({ address: ADA }))?.followed, false)
    assert.equal(await index.findAccount({ handle: 'ada' }), ADA)
    assert.equal(await index.findAccount({ handle: 'nobody' }), undefined)
  })

  it('knows keys, offers and earnings', async () => {
    assert.deepEqual(await index.keyHoldings({ holder: ADA }), { rows: [{ editionId: 3n }, { editionId: 2n }] })
    const offers = (await index.listings({ contentId: hash(1), now: 5 })).rows
    assert.deepEqual(
      offers.map(({ editionId, unitPrice, seller }) => [editionId, unitPrice, seller]),
      [
        [2n, 10n ** 30n, ADA],
        [2n, 10n ** 31n, BOB],
      ],
      'of the first edition its seller has none',
    )
    assert.deepEqual(await index.listings({ contentId: hash(2), now: 5 }), { rows: [] })
    assert.deepEqual(
      (await index.earningsTotals({ account: ADA })).map(({ claimed, sold }) => [claimed, sold]),
      [[2n * 10n ** 20n, 7n]],
    )
    assert.deepEqual(await index.earningsTotals({ account: BOB }), [])
    const days = await index.earningsDays({ account: ADA, since: DAY, until: DAY + 1 })
    assert.deepEqual(
      days.map(({ day, claimed }) => [day, claimed]),
      [
        [DAY + 1, 10n ** 20n],
        [DAY, 10n ** 20n],
      ],
    )
  })

  it('goes on where a page of keys, offers or things found ended', async () => {
    const rest = async <row>(read: (cursor?: string) => Promise<Page<row>>): Promise<row[]> => {
      const { rows, cursor } = await read()
      assert.ok(cursor)
      return [...rows, ...(await read(cursor)).rows]
    }
    const keys = await rest((cursor) => index.keyHoldings({ holder: ADA, first: 1, cursor }))
    assert.deepEqual(keys, [{ editionId: 3n }, { editionId: 2n }])
    const offers = await rest((cursor) => index.listings({ contentId: hash(1), now: 5, first: 1, cursor }))
    assert.deepEqual(
      offers.map(({ seller }) => seller),
      [ADA, BOB],
    )
    const found = await rest((cursor) => index.search({ text: 'something', first: 3, cursor }))
    assert.equal(new Set(found.map(({ contentId }) => contentId)).size, 6)
  })

  it('is all that anybody asks: no other source has a query', () => {
    const sources = globSync('{app,node,sdk}/src/**/*.{ts,tsx}', { cwd: ROOT, exclude: (name) => name === 'generated' })
    const asking = sources.filter((path) => QUERY.test(readFileSync(join(ROOT, path), 'utf8')))
    assert.deepEqual(asking, ['sdk/src/graph/documents.ts'])
  })

  it('is nothing else than what was tried here', async () => {
    assert.equal(await index.head(), 1)
    assert.deepEqual(
      Object.values(INDEX_QUERIES).filter((query) => !asked.has(query)),
      [],
    )
  })
})
