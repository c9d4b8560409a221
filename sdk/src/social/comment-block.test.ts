import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { encode } from '@ipld/dag-cbor'
import { sha256 } from 'viem'
import { isSluiceError } from '../errors.ts'
import { decodeComment, encodeComment, MAX_COMMENT } from './index.ts'

const refuses = (bytes: Uint8Array) =>
  assert.throws(
    () => decodeComment(bytes),
    (error) => isSluiceError(error, 'PROTOCOL_VIOLATION'),
  )

describe('comment blocks', () => {
  it('read back as they were written, under the hash that the chain is told', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
      .filter((value) => value.isWellFormed() && value.trim() !== '' && value.length <= MAX_COMMENT)
    fc.assert(
      fc.property(text, (value) => {
        const { bytes, digest } = encodeComment(value)
        assert.equal(decodeComment(bytes), value)
        assert.equal(digest, sha256(bytes))
      }),
    )
  })

  it('refuse to be written when empty, blank, too long or half a character', () => {
    for (const text of ['', ' \n ', 'x'.repeat(MAX_COMMENT + 1), '\ud83d']) {
      assert.throws(
        () => encodeComment(text),
        (error) => isSluiceError(error, 'BAD_INPUT'),
      )
    }
    assert.equal(decodeComment(encodeComment('€'.repeat(MAX_COMMENT)).bytes).length, MAX_COMMENT)
  })

  it('are refused as any other block', () => {
    const bytes = encodeComment('well said').bytes
    refuses(encode({ format: 2, text: 'of another format' }))
    refuses(encode({ format: 1, text: 'with more', more: true }))
    refuses(encode({ format: 1, text: 5 }))
    refuses(encode({ format: 1, text: ' ' }))
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
          return isSluiceError(error, 'PROTOCOL_VIOLATION')
        }
      }),
    )
  })
})
