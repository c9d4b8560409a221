import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOTHING, addReports } from './tally.ts'

const report = (peerId: string, slices: number, rate: number) => ({
  slices,
  bytes: slices * 100,
  paid: BigInt(slices),
  sources: [{ peerId, slices, paid: BigInt(slices), rate }],
})

describe('addReports', () => {
  it('is nothing before anything was fetched', () => {
    assert.deepEqual(addReports([]), NOTHING)
  })

  it('adds what one source gave over several streams, and keeps its newest rate', () => {
    const total = addReports([report('a', 2, 10), report('b', 5, 7), report('a', 1, 30)])
    assert.deepEqual([total.slices, total.bytes, total.paid], [8, 800, 8n])
    assert.deepEqual(total.sources, [
      { peerId: 'b', slices: 5, paid: 5n, rate: 7 },
      { peerId: 'a', slices: 3, paid: 3n, rate: 30 },
    ])
  })
})
