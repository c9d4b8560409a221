import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { parsePrice } from './sell.ts'

describe('a price to sell at', () => {
  it('is above zero and no more than the market can hold', () => {
    assert.equal(parsePrice('0.01'), 10n ** 16n)
    for (const text of ['0', '0.0', '79228162515', '-1', 'free']) {
      assert.throws(
        () => parsePrice(text),
        (error) => isSluiceError(error, 'BAD_INPUT'),
        text,
      )
    }
  })
})
