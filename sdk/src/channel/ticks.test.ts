import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import { createTickChain, verifyTick } from './ticks.ts'

/** The link that is worth `ticks`, and the root it leads to. */
type Vector = { tick: Hex; ticks: number; root: Hex }

const vectors: Vector[] = JSON.parse(readFileSync(new URL('../../../test/vectors/ticks.json', import.meta.url), 'utf8'))
const seed = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => bytesToHex(bytes))

describe('tick chain', () => {
  it('agrees with the vectors that the contract reads', () => {
    for (const { tick, ticks, root } of vectors) {
      assert.ok(verifyTick(root, tick, ticks))
      if (ticks > 0) assert.equal(createTickChain(tick, ticks).root, root)
    }
  })

  it('lets a later tick be verified from any earlier one', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (start, length, a, b) => {
        const chain = createTickChain(start, length)
        const [early, late] = [a % (length + 1), b % (length + 1)].sort((x, y) => x - y) as [number, number]
        assert.ok(verifyTick(chain.tick(early), chain.tick(late), late - early))
        assert.equal(verifyTick(chain.tick(early), chain.tick(late), late - early + 1), false)
      }),
    )
  })

  it('refuses lengths and ticks outside the chain', () => {
    const zero: Hex = `0x${'00'.repeat(32)}`
    assert.throws(() => createTickChain(zero, 0))
    assert.throws(() => createTickChain(zero, 1025))
    assert.throws(() => createTickChain(zero, 4).tick(5))
  })
})
