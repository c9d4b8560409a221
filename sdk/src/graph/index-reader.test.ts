import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import { answering, bytes, content, FULL_ANSWER, fakeIndex, OTHER, TOPIC, WALLET } from './fixtures.ts'

const full = answering(FULL_ANSWER)

describe('the feed', () => {
  it('asks for what is on sale, in the order, kind and of the creator that is wanted', async () => {
    const { index, sent } = fakeIndex(full)
    const feed = await index.feed({ order: 'trending', kind: 'file', creator: WALLET, first: 5 })
    assert.deepEqual(feed, { rows: [{ contentId: bytes(32, 1) }, { contentId: bytes(32, 2) }] })
    assert.deepEqual(sent[0]?.variables, {
      where: { and: [{ status: 'ACTIVE', kind: 'FILE' }, { creator: WALLET.toLowerCase() }] },
      orderBy: 'trendingScore',
      first: 6,
    })
  })

  it('goes on behind the last row, whatever was published meanwhile', async () => {
    const { index, sent } = fakeIndex(answering({ contents: [content(1), content(2), content(3)] }))
    const { rows, cursor } = await index.feed({ order: 'new', first: 2 })
    assert.equal(rows.length, 2)
    await index.feed({ order: 'new', first: 2, cursor })
    assert.deepEqual(sent[1]?.variables['where'], {
      and: [{ status: 'ACTIVE' }, { or: [{ publishedAt_lt: '998' }, { publishedAt: '998', id_lt: bytes(32, 2) }] }],
    })
  })

  it('goes on by a score below zero as well', async () => {
    const { index, sent } = fakeIndex(answering({ contents: [content(1), content(2)] }))
    const { cursor } = await index.feed({ order: 'trending', first: 1 })
    await index.feed({ order: 'trending', first: 1, cursor })
    assert.match(JSON.stringify(sent[1]?.variables), /"trendingScore_lt":"-3"/)
  })

  it('of who is followed asks first whom the wallet follows', async () => {
    const { index, sent } = fakeIndex(full)
    await index.feed({ order: 'new', followedBy: WALLET })
    assert.deepEqual(sent[0]?.variables, { wallet: WALLET.toLowerCase(), first: 1_000 })
    assert.match(JSON.stringify(sent[1]?.variables), new RegExp(`"creator_in":\\["${OTHER.toLowerCase()}"\\]`))
  })

  it('of a wallet that follows nobody is empty, and asks no more', async () => {
    const { index, sent } = fakeIndex(answering({ follows: [] }))
    assert.deepEqual(await index.feed({ order: 'new', followedBy: WALLET }), { rows: [] })
    assert.equal(sent.length, 1)
  })

  it('has what an index sends twice once', async () => {
    const { index } = fakeIndex(answering({ contents: [content(1), content(1)] }))
    assert.equal((await index.feed({ order: 'new' })).rows.length, 1)
  })
})

describe('searching', () => {
  it('asks for all the words, the last one begun', async () => {
    const { index, sent } = fakeIndex(full)
    await index.search({ text: ' Slow, "LIGHT" & (wa', kind: 'media' })
    const where = { status: 'ACTIVE', kind: 'MEDIA' }
    assert.deepEqual(sent[0]?.variables, { text: 'slow & light & wa:*', where, first: 25, skip: 0 })
  })

  it('counts pages, up to what may be skipped', async () => {
    const found = answering({ contentSearch: [{ id: bytes(32, 1) }, { id: bytes(32, 2) }] })
    const { index, sent } = fakeIndex(found)
    const { cursor } = await index.search({ text: 'a', first: 1 })
    assert.equal(cursor, '1')
    await index.search({ text: 'a', first: 1, cursor })
    assert.equal(sent[1]?.variables['skip'], 1)
    assert.equal('cursor' in (await index.search({ text: 'a', first: 1, cursor: '5000' })), false)
  })

  it('finds nothing without a word, and asks nothing', async () => {
    const { index, sent } = fakeIndex(full)
    for (const text of ['', '  ', '&|!:*()<->']) assert.deepEqual(await index.search({ text }), { rows: [] })
    assert.equal(sent.length, 0)
  })
})

describe('what wallets said of a content', () => {
  it('is summed up, with the asking wallet’s reaction', async () => {
    const { index, sent } = fakeIndex(full)
    assert.deepEqual(await index.topic({ topic: TOPIC, wallet: WALLET }), {
      reactionCount: 3,
      commentCount: 2,
      reactions: [{ kind: 1, count: 3 }],
      mine: 1,
      viewCount: 9,
    })
    assert.equal(sent[0]?.variables['reaction'], `${WALLET.toLowerCase()}${TOPIC.slice(2)}`)
  })

  it('is nothing where nobody has said anything', async () => {
    const { index } = fakeIndex(answering({ topic: null, content: null, reaction: null }))
    const nothing = { reactionCount: 0, commentCount: 0, reactions: [], mine: 0, viewCount: 0 }
    assert.deepEqual(await index.topic({ topic: TOPIC }), nothing)
  })

  it('lists comments with their authors', async () => {
    const { index } = fakeIndex(full)
    const comment = { id: bytes(36, 7), author: WALLET, handle: 'ada', parent: null, digest: bytes(32, 8), at: 1.7e9 }
    assert.deepEqual(await index.comments({ topic: TOPIC }), { rows: [comment] })
  })

  it('takes a handle that the contract would not have taken for none', async () => {
    const [comment] = FULL_ANSWER.comments
    const account = { id: WALLET, handle: '<b>Ada</b>' }
    const { index } = fakeIndex(answering({ comments: [{ ...comment, account }] }))
    assert.equal((await index.comments({ topic: TOPIC })).rows[0]?.handle, null)
  })
})

describe('an account', () => {
  it('is known by its address, with whether the asking wallet follows it', async () => {
    const { index, sent } = fakeIndex(full)
    const counts = { contentCount: 2, followerCount: 5, followingCount: 1 }
    const account = { address: WALLET, handle: 'ada', ...counts, followed: true }
    assert.deepEqual(await index.account({ address: WALLET, wallet: OTHER }), account)
    assert.equal(sent[0]?.variables['follow'], `${OTHER}${WALLET.slice(2)}`.toLowerCase())
  })

  it('is unknown until an event names it', async () => {
    const { index } = fakeIndex(answering({ account: null, follow: null, accounts: [] }))
    assert.equal(await index.account({ address: WALLET }), undefined)
    assert.equal(await index.findAccount({ handle: 'ada' }), undefined)
  })
})

describe('keys, offers and earnings', () => {
  it('come with whole numbers of any size, exactly', async () => {
    const { index } = fakeIndex(full)
    assert.deepEqual((await index.keyHoldings({ holder: WALLET })).rows, [{ editionId: BigInt(bytes(32, 0x0f)) }])
    const [listing] = (await index.listings({ contentId: TOPIC, now: 5 })).rows
    assert.equal(listing?.editionId, BigInt(bytes(32, 0x0f)))
    assert.deepEqual([listing.unitPrice, listing.expiry], [10n ** 15n, 2n ** 64n - 1n])
    const [day] = await index.earningsDays({ account: WALLET, since: 1, until: 20_000 })
    assert.deepEqual([day?.day, day?.claimed, day?.resold], [20_000, 10n, 50n])
    const [total] = await index.earningsTotals({ account: WALLET })
    assert.deepEqual([total?.token, total?.sold, total?.royalties], [zeroAddress, 20n, 40n])
  })

  it('are asked for by content, wallet and time', async () => {
    const { index, sent } = fakeIndex(full)
    await index.listings({ contentId: TOPIC, now: 5 })
    await index.earningsDays({ account: WALLET, since: 9, until: 30_000 })
    assert.match(JSON.stringify(sent[0]?.variables), new RegExp(`"content":"${TOPIC}".*"expiry_gt":"5"`))
    await index.sellersListings({ seller: WALLET, now: 5 })
    const open = { seller: WALLET.toLowerCase(), state: 'OPEN', expiry_gt: '5' }
    assert.deepEqual(sent[2]?.variables['where'], { and: [open] }, 'with keys left or without')
    assert.deepEqual(sent[1]?.variables['where'], { account: WALLET.toLowerCase(), day_gte: 9, day_lte: 30_000 })
  })
})

describe('the head', () => {
  it('is the block that the index has come to', async () => {
    assert.equal(await fakeIndex(full).index.head(), 77)
  })
})
