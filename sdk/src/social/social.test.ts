import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { pad, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import { generateSession, verifyDigest } from '../session/index.ts'
import {
  createSocialNonces,
  encodeDeed,
  hashSocialAction,
  isHandle,
  packHandle,
  refusalSentence,
  signSocialAction,
  SOCIAL_REFUSALS,
  socialRefusal,
  unpackHandle,
} from './index.ts'

const CONTENT: Hex = `0x${'c0'.repeat(32)}`
const WALLET: Hex = `0x${'a1'.repeat(20)}`
const CHARACTERS = Array.from('abcdefghijklmnopqrstuvwxyz0123456789-_')

describe('handles', () => {
  it('unpack to what was packed', () => {
    const handle = fc.string({ unit: fc.constantFrom(...CHARACTERS), minLength: 3, maxLength: 32 })
    fc.assert(fc.property(handle, (text) => isHandle(text) && unpackHandle(packHandle(text)) === text))
    assert.equal(packHandle(''), zeroHash)
    assert.equal(unpackHandle(zeroHash), '')
  })

  it('are refused when too short, too long, or of other characters', () => {
    for (const text of ['ab', 'a'.repeat(33), 'Abc', 'a b', 'abc\n', 'abc\0', 'äbc', 'a.b']) {
      assert.equal(isHandle(text), false)
      assert.throws(
        () => packHandle(text),
        (error) => isSluiceError(error, 'BAD_INPUT'),
      )
    }
  })

  it('unpack to nothing where a word is none', () => {
    for (const word of [`0x6162${'00'.repeat(30)}`, `0x61620063${'00'.repeat(28)}`, `0x${'ff'.repeat(32)}`] as const) {
      assert.equal(unpackHandle(word), '')
    }
  })
})

describe('social actions', () => {
  it('put every deed into its words, and zero into the rest', () => {
    const rest = { value: zeroHash, parent: zeroHash }
    const cases = [
      [encodeDeed({ kind: 'handle', handle: 'ada' }), { kind: 1, subject: pad('0x616461', { dir: 'right' }), ...rest }],
      [encodeDeed({ kind: 'follow', target: WALLET }), { kind: 2, subject: pad(WALLET), ...rest }],
      [encodeDeed({ kind: 'unfollow', target: WALLET }), { kind: 3, subject: pad(WALLET), ...rest }],
      [
        encodeDeed({ kind: 'react', contentId: CONTENT, reaction: 255 }),
        { ...rest, kind: 4, subject: CONTENT, value: pad('0xff') },
      ],
      [
        encodeDeed({ kind: 'comment', contentId: CONTENT, digest: pad('0x02'), parent: pad('0x01') }),
        { kind: 5, subject: CONTENT, value: pad('0x02'), parent: pad('0x01') },
      ],
      [
        encodeDeed({ kind: 'view', contentId: CONTENT, editionId: 7n }),
        { ...rest, kind: 6, subject: CONTENT, value: pad('0x07') },
      ],
    ]
    for (const [encoded, expected] of cases) assert.deepEqual(encoded, expected)
  })

  it('are signed by the session over everything they say', async () => {
    const session = await generateSession()
    const domain = { chainId: 1, social: WALLET }
    const { action, signature } = await signSocialAction(session, {
      domain,
      wallet: WALLET,
      deed: { kind: 'react', contentId: CONTENT, reaction: 1 },
      nonce: 5n,
      issuedAt: 10n,
      deadline: 20n,
    })
    assert.deepEqual(action.session, session.publicKey)
    const verifies = (d: typeof domain, changed: Partial<typeof action> = {}) =>
      verifyDigest(session.publicKey, hashSocialAction(d, { ...action, ...changed }), signature)
    assert.equal(await verifies(domain), true)
    assert.equal(await verifies({ ...domain, chainId: 2 }), false)
    assert.equal(await verifies({ ...domain, social: `0x${'b2'.repeat(20)}` }), false)
    const changes = [{ wallet: `0x${'b2'.repeat(20)}` }, { kind: 6 }, { nonce: 6n }, { issuedAt: 11n }] as const
    for (const change of changes) assert.equal(await verifies(domain, change), false)
  })
})

describe('social nonces', () => {
  it('stay within one word for 256 draws, and go on in another', () => {
    const draw = createSocialNonces()
    const drawn = Array.from({ length: 512 }, draw)
    assert.equal(new Set(drawn).size, 512)
    assert.deepEqual([...new Set(drawn.map((nonce) => nonce >> 8n))].length, 2)
    assert.equal(drawn[0]! % 256n, 0n)
    assert.equal(drawn[255]! - drawn[0]!, 255n)
  })
})

describe('social refusals', () => {
  it('have a name by the contract’s number, and a sentence each', () => {
    assert.equal(socialRefusal(1), 'early')
    assert.equal(socialRefusal(16), 'already-viewed')
    assert.equal(socialRefusal(17), undefined)
    for (const reason of SOCIAL_REFUSALS) assert.match(refusalSentence(reason), /^[A-Z].*\.$/)
  })
})
