import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, getAddress } from 'viem'
import { isSluiceError } from '../errors.ts'
import { generateSession, verifyDigest } from '../session/index.ts'
import {
  createSocialNonces,
  decodeComment,
  decodeSocialPost,
  encodeComment,
  encodeSocialPost,
  hashSocialAction,
  MAX_COMMENT_LENGTH,
  MAX_SOCIAL_POST_BYTES,
  signSocialAction,
  SOCIAL_ACTION_BYTES,
} from './index.ts'
import type { SocialDeed, SocialPost } from './index.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const CONTENT = `0x${'c0'.repeat(32)}` as const
const DOMAIN = { chainId: 1, social: WALLET }
const session = await generateSession()
const drawNonce = createSocialNonces()

function sign(deed: SocialDeed) {
  const times = { issuedAt: 10n, deadline: 2n ** 64n - 1n }
  return signSocialAction(session, { domain: DOMAIN, wallet: WALLET, deed, nonce: drawNonce(), ...times })
}

const isRefused = (error: unknown) => isSluiceError(error, 'BAD_INPUT')

async function commentPost(): Promise<SocialPost> {
  const { bytes, digest } = await encodeComment('Well said.')
  return { ...(await sign({ kind: 'comment', contentId: CONTENT, digest })), comment: bytes }
}

describe('a social post', () => {
  it('comes out as it went in, its signature still good', async () => {
    const deeds: SocialDeed[] = [
      { kind: 'handle', handle: 'ada' },
      { kind: 'follow', target: `0x${'b2'.repeat(20)}` },
      { kind: 'react', contentId: CONTENT, reaction: 1 },
    ]
    for (const deed of deeds) {
      const post = await sign(deed)
      const bytes = encodeSocialPost(post)
      assert.equal(bytes.length, SOCIAL_ACTION_BYTES)
      const { action, signature } = await decodeSocialPost(bytes)
      assert.deepEqual({ action, signature }, post)
      assert.equal(await verifyDigest(action.session, hashSocialAction(DOMAIN, action), signature), true)
    }
  })

  it('brings a comment’s text along', async () => {
    const post = await commentPost()
    const { comment = assert.fail() } = await decodeSocialPost(encodeSocialPost(post))
    assert.equal(decodeComment(comment), 'Well said.')
  })

  it('is refused with another text than the one it names, without it, and with one where none belongs', async () => {
    const post = await commentPost()
    const other = await encodeComment('Badly said.')
    await assert.rejects(decodeSocialPost(encodeSocialPost({ ...post, comment: other.bytes })), isRefused)
    await assert.rejects(decodeSocialPost(encodeSocialPost(post).subarray(0, SOCIAL_ACTION_BYTES)), isRefused)
    const follow = await sign({ kind: 'follow', target: `0x${'b2'.repeat(20)}` })
    await assert.rejects(decodeSocialPost(encodeSocialPost({ ...follow, comment: other.bytes })), isRefused)
  })

  it('is read or refused, whatever the bytes, and what is read encodes to the same', async () => {
    const bytes = fc.uint8Array({ minLength: SOCIAL_ACTION_BYTES - 2, maxLength: SOCIAL_ACTION_BYTES + 2 })
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 0, max: 8 }), async (random, kind) => {
        if (random.length > 84) random[84] = kind
        const post = await decodeSocialPost(random).catch((error: unknown) => {
          assert.ok(isRefused(error))
        })
        if (post === undefined) return
        assert.ok(random.length === SOCIAL_ACTION_BYTES && kind >= 1 && kind <= 6)
        assert.equal(bytesToHex(encodeSocialPost(post)), bytesToHex(random))
      }),
    )
    await assert.rejects(decodeSocialPost(new Uint8Array(MAX_SOCIAL_POST_BYTES + 1)), isRefused)
  })
})

describe('a comment’s block', () => {
  it('holds a text of up to 1,000 characters, whichever they are', async () => {
    const longest = '語'.repeat(MAX_COMMENT_LENGTH)
    assert.equal(decodeComment((await encodeComment(longest)).bytes), longest)
  })

  it('is refused when empty, too long, or with characters that deceive', async () => {
    for (const text of ['', '  \n', 'a'.repeat(MAX_COMMENT_LENGTH + 1), 'a\u202eb', 'a\0b', '\ud800']) {
      await assert.rejects(encodeComment(text), isRefused)
    }
    assert.throws(() => decodeComment(Uint8Array.of(0xa0)), isRefused)
    assert.throws(() => decodeComment(new Uint8Array(5000)), isRefused)
  })
})
