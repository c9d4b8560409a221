import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeComment, SOCIAL_ACTION_KINDS } from '@sluice/sdk/social'
import type { SocialPost } from '@sluice/sdk/social'
import { getAddress, pad, zeroHash } from 'viem'
import { createKeptPosts, dropAtClose } from './kept-posts.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const OTHER = getAddress(`0x${'b2'.repeat(20)}`)
const CONTENT = pad('0xc0')
const WORD = pad('0x01')
const PLACE = { chainId: 1, social: OTHER }
const IN_TIME = BigInt(Math.floor(Date.now() / 1000) + 600)

function start(stored: string | null = null) {
  let item = stored
  const storage = { getItem: () => item, setItem: (_: string, value: string) => void (item = value) }
  return { kept: createKeptPosts(storage, PLACE), stored: () => item ?? '' }
}

async function commentOf(text: string, { nonce = 1n, deadline = IN_TIME } = {}): Promise<SocialPost> {
  const { bytes, digest } = await encodeComment(text)
  const kind = SOCIAL_ACTION_KINDS.indexOf('comment')
  const words = { kind, subject: CONTENT, value: digest, parent: zeroHash }
  const action = { wallet: WALLET, session: { qx: WORD, qy: WORD }, ...words, nonce, issuedAt: 1n, deadline }
  return { action, signature: { r: WORD, s: WORD }, comment: bytes }
}

function deedOf({ action }: SocialPost) {
  return { kind: 'comment', contentId: action.subject, digest: action.value } as const
}

describe('createKeptPosts', () => {
  it('finds a comment by its words, its place and its wallet, until it is dropped', async () => {
    const { kept } = start()
    const post = await commentOf('Once.')
    const deed = deedOf(post)
    kept.keep(post)
    assert.deepEqual(await kept.find(WALLET, deed), post)
    assert.equal(await kept.find(OTHER, deed), undefined)
    assert.equal(await kept.find(WALLET, { ...deed, parent: WORD }), undefined)
    assert.equal(await kept.find(WALLET, { ...deed, contentId: WORD }), undefined)
    assert.equal(await kept.find(WALLET, deedOf(await commentOf('Twice.'))), undefined)
    kept.drop(await commentOf('Once.', { nonce: 2n }))
    assert.deepEqual(await kept.find(WALLET, deed), post)
    kept.drop(post)
    assert.equal(await kept.find(WALLET, deed), undefined)
  })

  it('finds nothing that cannot land any more', async () => {
    const { kept } = start()
    const late = await commentOf('Too late.', { deadline: 1n })
    kept.keep(late)
    assert.equal(await kept.find(WALLET, deedOf(late)), undefined)
  })

  it('keeps no more than a hundred, and each once', async () => {
    const { kept, stored } = start()
    const first = await commentOf('Once.')
    for (let nonce = 2n; nonce <= 101n; nonce += 1n) kept.keep(await commentOf('Once.', { nonce }))
    kept.keep(first)
    kept.keep(first)
    assert.equal(stored().split(' ').length, 100)
    assert.equal((await kept.find(WALLET, deedOf(first)))?.action.nonce, 3n)
  })

  it('keeps nothing but comments', async () => {
    const { kept, stored } = start()
    const { action, signature } = await commentOf('Once.')
    kept.keep({ action: { ...action, kind: SOCIAL_ACTION_KINDS.indexOf('react') }, signature })
    assert.equal(stored(), '')
  })

  it('passes over what is no comment in what was stored', async () => {
    const post = await commentOf('Once.')
    const { kept } = start('once upon 0x 0x00')
    kept.keep(post)
    assert.deepEqual(await kept.find(WALLET, deedOf(post)), post)
  })
})

describe('dropAtClose', () => {
  it('finds what has landed until the offer is closed, however often it is asked for', async () => {
    const { kept } = start()
    const post = await commentOf('Once.')
    kept.keep(post)
    const offered = dropAtClose(() => kept)
    offered.open()
    for (let time = 0; time < 3; time += 1) {
      assert.deepEqual(await offered.find(WALLET, deedOf(post)), post)
      offered.drop(post)
    }
    offered.close()
    assert.equal(await kept.find(WALLET, deedOf(post)), undefined)
  })

  it('drops at once what lands after the offer was closed, and holds it again when that is opened', async () => {
    const { kept } = start()
    const [first, second] = [await commentOf('Once.'), await commentOf('Twice.')]
    kept.keep(first)
    kept.keep(second)
    const offered = dropAtClose(() => kept)
    offered.open()
    offered.close()
    offered.drop(first)
    assert.equal(await kept.find(WALLET, deedOf(first)), undefined)
    offered.open()
    offered.drop(second)
    assert.deepEqual(await kept.find(WALLET, deedOf(second)), second)
  })
})
