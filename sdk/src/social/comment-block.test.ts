import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encode } from '@ipld/dag-cbor'
import { sha256 } from 'viem'
import { isSluiceError } from '../errors.ts'
import { decodeComment, encodeComment, MAX_COMMENT_LENGTH } from './index.ts'

const isRefusal = (error: unknown) => isSluiceError(error, 'BAD_INPUT')
const refuses = (bytes: Uint8Array) => assert.throws(() => decodeComment(bytes), isRefusal)

describe('comment blocks', () => {
  it('read back as they were written, under the hash that the chain is told', async () => {
    const characters = fc.constantFrom(...Array.from('aB9 .,\n\tüß€語🌊👩‍🚀'))
    const text = fc.string({ unit: characters, minLength: 1, maxLength: 400 }).filter((value) => value.trim() !== '')
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const { bytes, digest } = await encodeComment(value)
        assert.equal(decodeComment(bytes), value)
        assert.equal(digest, sha256(bytes))
      }),
    )
  })

  it('refuse to be written when empty, blank, too long, half a character or unprintable', async () => {
    const turned = 'drawkcab \u202e'
    for (const text of ['', ' \n ', 'x'.repeat(MAX_COMMENT_LENGTH + 1), '\ud83d', 'a\0b', turned]) {
      await assert.rejects(encodeComment(text), isRefusal)
    }
    const longest = '€'.repeat(MAX_COMMENT_LENGTH)
    assert.equal(decodeComment((await encodeComment(longest)).bytes), longest)
  })

  it('are refused in another format, with more or less in it, or as no text', async () => {
    const { bytes } = await encodeComment('well said')
    refuses(encode({ format: 2, text: 'of another format' }))
    refuses(encode({ format: 1, text: 'with more', more: true }))
    refuses(encode({ format: 1, text: 5 }))
    refuses(encode({ format: 1, text: ' ' }))
    refuses(encode({ format: 1, text: 'a\u2066b' }))
    refuses(encode('just text'))
    refuses(bytes.subarray(1))
    refuses(new Uint8Array([...bytes, 0]))
    refuses(new Uint8Array(1 << 20))
  })

  it('are refused whatever their bytes, and never with another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          return decodeComment(bytes).length > 0
        } catch (error) {
          return isRefusal(error)
        }
      }),
    )
  })
})
