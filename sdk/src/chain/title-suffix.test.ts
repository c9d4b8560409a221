import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { titleSuffix } from './title-suffix.ts'

const metaHash = `0xa1b2c3d4e5f60718${'00'.repeat(24)}` as const

describe('titleSuffix', () => {
  it('is a mark, eight bytes of the meta-hash, the length and the title in UTF-8', () => {
    const mark = createHash('sha256').update('sluice/title/1').digest('hex').slice(0, 16)
    const text = Buffer.from('Zähes Licht')
    assert.equal(titleSuffix('Zähes Licht', metaHash), `0x${mark}a1b2c3d4e5f607180c${text.toString('hex')}`)
  })

  it('cuts a title of more than 255 bytes off behind a whole character', () => {
    // 84 characters of three bytes, and three bytes of room that the next one, of four, does not fit in.
    const title = '水'.repeat(84) + '🌊'
    const suffix = Buffer.from(titleSuffix(title, metaHash).slice(2), 'hex')
    assert.equal(suffix[16], 252)
    assert.equal(suffix.subarray(17).toString(), '水'.repeat(84))
  })

  it('takes a title of exactly 255 bytes whole', () => {
    const suffix = Buffer.from(titleSuffix('x'.repeat(255), metaHash).slice(2), 'hex')
    assert.deepEqual([suffix[16], suffix.length], [255, 17 + 255])
  })
})
