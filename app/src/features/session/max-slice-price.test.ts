import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { maxSlicePrice, readLimit } from './max-slice-price.ts'

describe('the most to pay for a slice', () => {
  it('is what the user chose, else ten times what the own node asks', () => {
    assert.equal(maxSlicePrice(7n, 100n), 7n)
    assert.equal(maxSlicePrice(0n, 100n), 0n)
    assert.equal(maxSlicePrice(undefined, 100n), 1000n)
    assert.equal(maxSlicePrice(undefined, undefined), undefined)
  })

  it('is read back as it was stored, and from nothing else', () => {
    assert.equal(readLimit('120'), 120n)
    for (const damaged of [null, '', '-1', '1.5', 'abc', '9'.repeat(29), '1'.repeat(40)]) {
      assert.equal(readLimit(damaged), undefined)
    }
  })
})
