import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import type { CommentRow } from '@sluice/sdk/graph'
import { encodeDeed } from '@sluice/sdk/social'
import type { SocialDeed } from '@sluice/sdk/social'
import { getAddress, numberToHex, pad } from 'viem'
import { commentsUnderway, isOnItsWay, lastWord, parentOf, textOf } from './said.ts'
import type { Said } from './said.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const OTHER = getAddress(`0x${'b2'.repeat(20)}`)
const CONTENT = pad('0xc0')
const DIGEST = pad('0xd1')

let count = 0

function say(
  deed: SocialDeed,
  { issuedAt = 100n, state = 'pending', error }: { issuedAt?: bigint; state?: Said['state']; error?: unknown } = {},
): Said {
  count += 1
  const word = pad(numberToHex(count))
  const session = { qx: word, qy: word }
  const times = { issuedAt, deadline: issuedAt + 600n }
  const action = { wallet: WALLET, session, ...encodeDeed(deed), nonce: BigInt(count), ...times }
  return { id: word, state, post: { action, signature: { r: word, s: word } }, ...(error !== undefined && { error }) }
}

const like = (reaction: number, issuedAt?: bigint) =>
  say({ kind: 'react', contentId: CONTENT, reaction }, issuedAt === undefined ? {} : { issuedAt })
const comment = (state: Said['state'] = 'pending', error?: unknown) =>
  say({ kind: 'comment', contentId: CONTENT, digest: DIGEST }, { state, error })

function row(change: Partial<CommentRow> = {}): CommentRow {
  return { id: pad('0x01'), author: WALLET, handle: null, parent: null, digest: DIGEST, at: 100, ...change }
}

describe('lastWord', () => {
  it('is what was said last about the subject, by time and then by nonce', () => {
    const [first, second, earlier] = [like(1), like(0), like(1, 50n)]
    assert.equal(lastWord([second, first, earlier], ['react'], CONTENT), second)
    assert.equal(lastWord([first], ['react'], pad('0xc1')), undefined)
    assert.equal(lastWord([first], ['follow'], CONTENT), undefined)
  })

  it('knows an account by its address', () => {
    const [follow, unfollow] = (['follow', 'unfollow'] as const).map((kind) => say({ kind, target: OTHER }))
    assert.equal(
      lastWord([follow ?? assert.fail(), unfollow ?? assert.fail()], ['follow', 'unfollow'], OTHER),
      unfollow,
    )
  })
})

describe('commentsUnderway', () => {
  it('leaves out what is listed, and keeps what is settled and not listed yet', () => {
    const said = comment('settled')
    assert.deepEqual(commentsUnderway([said], CONTENT, [row({ author: OTHER }), row({ digest: pad('0xd2') })]), [said])
    assert.deepEqual(commentsUnderway([said], CONTENT, [row()]), [])
    assert.deepEqual(commentsUnderway([said, like(1)], pad('0xc1'), []), [])
  })

  it('takes the same words of an earlier day for another comment', () => {
    const said = comment()
    assert.deepEqual(commentsUnderway([said], CONTENT, [row({ at: 99 })]), [said])
  })

  it('keeps what failed, whatever is listed', () => {
    const said = comment('pending', new SluiceError('TIMEOUT', 'Nobody did.'))
    assert.deepEqual(commentsUnderway([said], CONTENT, [row()]), [said])
    assert.equal(isOnItsWay(said), false)
  })
})

describe('parentOf', () => {
  it('is none for a comment that answers nobody', () => {
    assert.equal(parentOf(comment()), undefined)
    const parent = pad('0xd3')
    assert.equal(parentOf(say({ kind: 'comment', contentId: CONTENT, digest: DIGEST, parent })), parent)
  })
})

describe('textOf', () => {
  it('is empty for a block that is no comment', () => {
    const said = comment()
    assert.equal(textOf({ ...said, post: { ...said.post, comment: new Uint8Array(5) } }), '')
  })
})
