import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeLag } from './lag.ts'

describe('how far an index is from the chain', () => {
  it('is not worth a word within some blocks, in either direction', () => {
    assert.deepEqual(describeLag(100, 100n), { block: 100, behind: 0, notable: undefined })
    assert.deepEqual(describeLag(90, 100n), { block: 90, behind: 10, notable: undefined })
    assert.deepEqual(describeLag(110, 100n), { block: 110, behind: 0, notable: undefined })
  })

  it('is told where it is far behind', () => {
    assert.deepEqual(describeLag(89, 100n), { block: 89, behind: 11, notable: 'behind' })
    assert.deepEqual(describeLag(0, 5_000_000n), { block: 0, behind: 5_000_000, notable: 'behind' })
  })

  it('is told where it has read blocks that the chain does not have', () => {
    assert.deepEqual(describeLag(111, 100n), { block: 111, behind: 0, notable: 'ahead' })
  })
})
