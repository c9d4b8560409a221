import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { deriveSliceKey } from './key-tree.ts'
import { MAX_PREVIEW_PERCENT, previewCover, previewSlices } from './preview.ts'
import { createSliceKeys } from './slice-keys.ts'

const KEY = new Uint8Array(32).fill(7)

describe('preview', () => {
  it('is the start of a content, at least a slice and never all of it', () => {
    const counts = [1, 2, 3, 11, 1000].map((sliceCount) => previewSlices(sliceCount, 30))
    assert.deepEqual(counts, [0, 1, 1, 3, 300])
    assert.equal(previewSlices(1000, 0), 0)
  })

  it('refuses more than half, and parts of a per cent', () => {
    for (const percent of [-1, 0.5, MAX_PREVIEW_PERCENT + 1, Number.NaN]) {
      assert.throws(() => previewSlices(10, percent), { code: 'BAD_INPUT' })
    }
  })

  it('publishes a cover that opens its slices and no others', () => {
    assert.equal(previewCover(KEY, 1, 50), undefined)
    const shape = [fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: MAX_PREVIEW_PERCENT })] as const
    fc.assert(
      fc.property(...shape, (sliceCount, percent) => {
        const cover = previewCover(KEY, sliceCount, percent)
        assert.ok(cover)
        const keys = createSliceKeys(cover)
        const last = previewSlices(sliceCount, percent) - 1
        assert.deepEqual(keys.keyOf(last), deriveSliceKey(KEY, sliceCount, last))
        assert.equal(keys.covers(last + 1), false)
        assert.ok(!cover.nodes.some((node) => node.every((byte, at) => byte === KEY[at])), 'not the content key')
      }),
    )
  })
})
