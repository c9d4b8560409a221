import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import { MAX_SLICES } from './constants.ts'
import { coverPositions, coverRange, deriveSliceKey, treeDepth } from './key-tree.ts'
import { createSliceKeys } from './slice-keys.ts'

type Vectors = {
  contentKey: Hex
  keys: { sliceCount: number; index: number; key: Hex }[]
  covers: { sliceCount: number; firstSlice: number; lastSlice: number; nodes: Hex[] }[]
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/key-tree.json', import.meta.url), 'utf8'),
) as Vectors
const KEY = hexToBytes(vectors.contentKey)

const range = fc
  .integer({ min: 1, max: 3000 })
  .chain((count) => fc.tuple(fc.constant(count), fc.nat(count - 1), fc.nat(count - 1)))
  .map(([count, a, b]) => ({ count, first: Math.min(a, b), last: Math.max(a, b) }))

describe('key tree', () => {
  it('derives the keys of the vectors', () => {
    for (const { sliceCount, index, key } of vectors.keys) {
      assert.equal(bytesToHex(deriveSliceKey(KEY, sliceCount, index)), key)
    }
    for (const { sliceCount, firstSlice, lastSlice, nodes } of vectors.covers) {
      assert.deepEqual(
        coverRange(KEY, sliceCount, firstSlice, lastSlice).nodes.map((node) => bytesToHex(node)),
        nodes,
      )
    }
  })

  it('agrees with the HMACs of another library', () => {
    const step = (node: Uint8Array, side: string): Uint8Array => createHmac('sha256', node).update(side).digest()
    const expected = step(step(step(KEY, 'right'), 'left'), 'right')
    assert.deepEqual(deriveSliceKey(KEY, 7, 5), new Uint8Array(expected))
    assert.deepEqual(deriveSliceKey(KEY, 1, 0), KEY)
  })

  it('covers exactly the slices of a range with at most 2·log2(n) nodes', () => {
    fc.assert(
      fc.property(range, ({ count, first, last }) => {
        const positions = coverPositions(count, first, last)
        assert.ok(positions.length <= Math.max(1, 2 * treeDepth(count)))
        let next = first
        for (const { height, index } of positions) {
          assert.equal(index * 2 ** height, next)
          next += 2 ** height
        }
        assert.ok(last === count - 1 ? next >= count : next === last + 1)
      }),
    )
  })

  it('gives a whole content as one node, whatever its size', () => {
    for (const count of [1, 2, 3, 1000, 1025, MAX_SLICES]) {
      assert.deepEqual(coverPositions(count, 0, count - 1), [{ height: treeDepth(count), index: 0 }])
    }
  })

  it('refuses ranges that are not of the content', () => {
    const bad: [number, number, number][] = [
      [0, 0, 0],
      [4, 3, 2],
      [4, -1, 2],
      [4, 0, 4],
      [4, 0.5, 2],
      [MAX_SLICES + 1, 0, 0],
    ]
    for (const [count, first, last] of bad) {
      assert.throws(
        () => coverRange(KEY, count, first, last),
        (error) => isSluiceError(error, 'BAD_INPUT'),
      )
    }
  })
})

describe('slice keys', () => {
  it('reads the same keys as the content key yields, in any order, and no others', () => {
    fc.assert(
      fc.property(range, fc.array(fc.nat(3000), { maxLength: 30 }), ({ count, first, last }, order) => {
        const keys = createSliceKeys(coverRange(KEY, count, first, last))
        for (const index of order) {
          if (index >= first && index <= last) assert.deepEqual(keys.keyOf(index), deriveSliceKey(KEY, count, index))
          else
            assert.throws(
              () => keys.keyOf(index),
              (error) => isSluiceError(error, 'NOT_ENTITLED'),
            )
        }
      }),
      { numRuns: 50 },
    )
  })

  it('refuses a cover with too few, too many or misshapen nodes', () => {
    const cover = coverRange(KEY, 100, 3, 60)
    const wrong = [cover.nodes.slice(1), [...cover.nodes, KEY], cover.nodes.map((node) => node.subarray(1))]
    for (const nodes of wrong) {
      assert.throws(
        () => createSliceKeys({ ...cover, nodes }),
        (error) => isSluiceError(error, 'BAD_INPUT'),
      )
    }
  })
})
