import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import bencode from 'bencode'
import { isSluiceError } from '@sluice/sdk'
import { readBencodedDictionary } from './bencode-reader.ts'

const MAX = 4096
const read = (text: string) => readBencodedDictionary(Buffer.from(text, 'latin1'), MAX)
const isRefused = (error: unknown): boolean => isSluiceError(error, 'PROTOCOL_VIOLATION')

describe('what a peer says in bencode', () => {
  it('is read as it was written', () => {
    const name = new Uint8Array([1, 2, 255])
    const value = readBencodedDictionary(bencode.encode({ m: { ut_metadata: 3 }, n: -7, l: [0, 'ab', []], name }), MAX)
    const { m, n, l, name: read } = value
    assert.deepEqual({ ...(m as object) }, { ut_metadata: 3 })
    assert.equal(n, -7)
    assert.deepEqual(l, [0, new Uint8Array([0x61, 0x62]), []])
    assert.deepEqual(read, name)
  })

  it('has no keys but its own', () => {
    const value = read('d9:__proto__i1ee')
    assert.deepEqual(Object.keys(value), ['__proto__'])
    assert.equal(value['constructor'], undefined)
  })

  for (const [what, text] of [
    ['a negative length of a key', 'd-3:'],
    ['a negative length of a string', 'd1:al-3:'],
    ['a length with a plus', 'd1:a+1:be'],
    ['a length with a zero in front', 'd01:ai1ee'],
    ['a length beyond the message', 'd1:a9:be'],
    ['a length of too many digits', `d1:a${'9'.repeat(400)}:be`],
    ['a length that is a fraction', 'd1:a1.5:be'],
    ['an integer without digits', 'd1:aiee'],
    ['an integer without an end', 'd1:ai1'],
    ['a dictionary without an end', 'd1:ai1e'],
    ['a list without an end', 'd1:al'],
    ['a key without a value', 'd1:ae'],
    ['bytes behind the end', 'dee'],
    ['lists in lists without end', `d1:a${'l'.repeat(1000)}`],
    ['no dictionary', 'le'],
    ['nothing', ''],
    ['more than may be', `d1:a${MAX}:${'b'.repeat(MAX)}e`],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => read(text), isRefused)
    })
  }
})
