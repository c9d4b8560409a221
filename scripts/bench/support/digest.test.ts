import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { digestOf } from '../../../bench/index/digest.ts'

describe('the digest of rows', () => {
  const rows = [
    { id: Uint8Array.of(1, 0xab), paid: 10n ** 30n, at: 7n, list: [Uint8Array.of(2)], name: null },
    { id: Uint8Array.of(2), paid: -1n, at: 8n, list: [], name: 'a' },
  ]

  it('is the same for rows in another order, with hex for bytes and other widths of numbers', () => {
    const same = [
      { name: 'a', id: '0x02', paid: -1n, at: 8, list: [] },
      { name: null, id: '0x01ab', paid: 10n ** 30n, at: 7, list: ['0x02'] },
    ]
    assert.deepEqual(digestOf(rows), digestOf(same))
  })

  it('counts the rows and sums up their numbers', () => {
    const { rows: count, sums } = digestOf(rows)
    assert.deepEqual([count, sums], [2, { at: '15', paid: String(10n ** 30n - 1n) }])
  })

  it('is another one for a row more and for any other value, though the sums are the same', () => {
    const { sha256 } = digestOf(rows)
    const [first, second] = rows as [(typeof rows)[0], (typeof rows)[0]]
    const others = [
      [first, second, first],
      [
        { ...first, at: 8n },
        { ...second, at: 7n },
      ],
      [{ ...first, name: 'null' }, second],
      [{ ...first, list: [] }, second],
    ]
    for (const other of others) assert.notEqual(digestOf(other).sha256, sha256)
  })
})
