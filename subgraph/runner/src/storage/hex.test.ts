import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { toHex, toHexAt } from './hex.ts'

/** Many more than are remembered, some of them often. */
const TEXTS = 20_000

describe('bytes as hex', () => {
  it('are what Node makes of them, of every length', () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = randomBytes(length)
      assert.equal(toHex(bytes), `0x${bytes.toString('hex')}`)
      assert.equal(toHex(bytes), `0x${bytes.toString('hex')}`)
    }
  })

  it('are those of the bytes as they are now', () => {
    const bytes = new Uint8Array(36)
    for (let number = 0; number < TEXTS; number += 1) {
      bytes[number % 36] = number >> (number % 8)
      assert.equal(toHex(bytes), `0x${Buffer.from(bytes).toString('hex')}`)
    }
  })

  it('are those of a part', () => {
    const bytes = randomBytes(300)
    for (const [start, length] of [
      [0, 20],
      [1, 96],
      [200, 97],
      [300, 0],
    ] as const) {
      assert.equal(toHexAt(bytes, start, length), `0x${bytes.toString('hex', start, start + length)}`)
    }
  })
})
