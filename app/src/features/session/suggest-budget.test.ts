import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { slicesFor, suggestBudget } from './suggest-budget.ts'

describe('suggestBudget', () => {
  it('covers the content twice where that is more than the channels need', () => {
    assert.equal(suggestBudget({ slices: 1000, slicePrice: 1_000_000n, gasPrice: 0n }), 2_000_000_000n)
  })

  it('is enough for three channels of a small content', () => {
    const budget = suggestBudget({ slices: 1, slicePrice: 1n, gasPrice: 1_000_000_000n })
    assert.ok(budget >= 3n * 20n * 147_000n * 1_000_000_000n)
    assert.equal(budget, 8_900_000_000_000_000n)
  })

  it('is never zero', () => {
    assert.equal(suggestBudget({ slices: 1, slicePrice: 0n, gasPrice: 0n }), 1n)
  })
})

describe('slicesFor', () => {
  it('counts whole slices, and does not divide by a free one', () => {
    assert.equal(slicesFor(10n, 3n), 3n)
    assert.equal(slicesFor(10n, 0n), undefined)
  })
})
