import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import { waitForIndex } from './index-progress.ts'

/** An index that is at each of these blocks in turn, at the last for ever; and how often it was asked. */
function indexAt(...heads: readonly number[]) {
  let asked = 0
  const head = () => Promise.resolve(heads[Math.min(asked++, heads.length - 1)] ?? 0)
  return { head, asked: () => asked }
}
const pause = () => Promise.resolve()

describe('waitForIndex', () => {
  it('asks until the index has come to the block', async () => {
    const index = indexAt(3, 4, 5, 6)
    await waitForIndex(index, 5n, { pause })
    assert.equal(index.asked(), 3)
  })

  it('gives up on an index that stands still', async () => {
    const index = indexAt(3)
    await waitForIndex(index, 5n, { pause })
    assert.equal(index.asked(), 40)
  })

  it('gives up at once on an index that does not answer', async () => {
    const unavailable = new SluiceError('INDEX_UNAVAILABLE', 'The index does not answer.')
    let asked = 0
    const head = () => {
      asked += 1
      return Promise.reject(unavailable)
    }
    await waitForIndex({ head }, 5n, { pause })
    assert.equal(asked, 1)
  })
})
