import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAmount } from './parse-amount.ts'

describe('parseAmount', () => {
  it('reads what a person types into base units, and nothing else', () => {
    assert.equal(parseAmount(' 0.5 ', 18), 5n * 10n ** 17n)
    for (const text of ['', '-1', '1e3', '1,5', '9'.repeat(21), '99999999999999999999']) {
      assert.equal(parseAmount(text, 18), undefined)
    }
  })
})
