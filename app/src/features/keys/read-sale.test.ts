import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readSale } from './read-sale.ts'

const limits = { decimals: 18, balance: 3n }
const draft = { price: '0.01', quantity: '1', days: '30' }

describe('an offer as typed', () => {
  it('is a price, a number of keys and a time', () => {
    const { sale, errors } = readSale({ ...draft, quantity: ' 3 ' }, limits)
    assert.deepEqual(sale, { unitPrice: 10n ** 16n, quantity: 3n, seconds: 30 * 86_400 })
    assert.deepEqual(errors, {})
  })

  it('is none without a price above zero that the market can hold', () => {
    for (const price of ['', '0', '0.0', '-1', '1e3', 'free', String(2n ** 96n)]) {
      const { sale, errors } = readSale({ ...draft, price }, limits)
      assert.equal(sale, undefined, price)
      assert.deepEqual(Object.keys(errors), ['price'], price)
    }
  })

  it('is none of more keys than are held, or of none', () => {
    for (const quantity of ['', '0', '4', '1.5', '-1', '9'.repeat(40)]) {
      const { sale, errors } = readSale({ ...draft, quantity }, limits)
      assert.equal(sale, undefined, quantity)
      assert.deepEqual(Object.keys(errors), ['quantity'], quantity)
    }
  })

  it('never lasts for ever, whatever a page is made to send', () => {
    assert.equal(readSale({ ...draft, days: '1000000' }, limits).sale?.seconds, 7 * 86_400)
  })
})
