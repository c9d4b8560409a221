import { getAddress } from 'viem'
import type { Hex } from 'viem'
import { createIndexReader } from './index-reader.ts'
import type { IndexReader } from './index-reader.ts'

export const WALLET = getAddress(`0x${'aa'.repeat(20)}`)
export const OTHER = getAddress(`0x${'bb'.repeat(20)}`)
export const TOPIC: Hex = `0x${'c0'.repeat(32)}`

/** Bytes of one repeated value, as an index writes them. */
export function bytes(length: number, fill: number): Hex {
  return `0x${fill.toString(16).padStart(2, '0').repeat(length)}`
}

const earnings = {
  token: { id: bytes(20, 0) },
  claimed: '10',
  claimCount: 1,
  sold: '20',
  referred: '30',
  royalties: '40',
  resold: '50',
}

export const content = (fill: number, publishedAt: number | string = 1_000 - fill) => ({
  id: bytes(32, fill),
  publishedAt: String(publishedAt),
  trendingScore: '-3',
})

const account = { id: WALLET.toLowerCase(), handle: 'ada' }

/** A full answer to every question at once, as a faithful index would give it. */
export const FULL_ANSWER = {
  contents: [content(1), content(2)],
  contentSearch: [{ id: bytes(32, 1) }],
  follows: [{ target: { id: OTHER.toLowerCase() } }],
  topic: { reactionCount: 3, commentCount: 2, reactionKinds: [{ kind: 1, count: 3 }] },
  content: { viewCount: 9 },
  reaction: { kind: 1 },
  comments: [{ id: bytes(36, 7), account, parent: null, digest: bytes(32, 8), at: '1700000000' }],
  account: { ...account, contentCount: 2, followerCount: 5, followingCount: 1 },
  follow: { since: '1700000000' },
  accounts: [{ id: account.id }],
  keyHoldings: [{ id: bytes(52, 1), edition: { id: bytes(32, 0x0f) }, acquiredAt: '5' }],
  listings: [
    {
      id: bytes(52, 2),
      edition: { id: bytes(32, 0x0f) },
      seller: { id: OTHER.toLowerCase() },
      unitPrice: '1000000000000000',
      token: { id: bytes(20, 0) },
      quantity: '2',
      expiry: '18446744073709551615',
    },
  ],
  earningsTotals: [{ id: bytes(40, 3), ...earnings }],
  earningsDays: [{ id: bytes(44, 3), day: 20_000, ...earnings }],
  _meta: { block: { number: 77 } },
}

/** Every question, put in full. */
export const QUESTIONS: readonly ((index: IndexReader) => Promise<unknown>)[] = [
  (index) => index.feed({ order: 'new', followedBy: WALLET }),
  (index) => index.search({ text: 'slow light' }),
  (index) => index.topic({ topic: TOPIC, wallet: WALLET }),
  (index) => index.comments({ topic: TOPIC }),
  (index) => index.account({ address: WALLET, wallet: OTHER }),
  (index) => index.findAccount({ handle: 'ada' }),
  (index) => index.keyHoldings({ holder: WALLET }),
  (index) => index.listings({ contentId: TOPIC, now: 1_700_000_000 }),
  (index) => index.sellersListings({ seller: OTHER, now: 1_700_000_000 }),
  (index) => index.earningsTotals({ account: WALLET }),
  (index) => index.earningsDays({ account: WALLET, since: 1, until: 20_000 }),
  (index) => index.head(),
]

type Sent = { readonly query: string; readonly variables: Record<string, unknown> }

/** An index that answers each request in turn, the last answer for ever; and what it was asked. */
export function fakeIndex(...answers: readonly (() => Response | Promise<Response>)[]) {
  const sent: Sent[] = []
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
    const answer = answers[Math.min(sent.length, answers.length - 1)]
    sent.push(JSON.parse(init?.body as string) as Sent)
    return Promise.resolve(answer?.() ?? new Response(null, { status: 500 }))
  }
  const index = createIndexReader({ url: 'http://index.example/', fetch: fetch })
  return { index, sent }
}

export const answering = (data: unknown) => () => Response.json({ data })
