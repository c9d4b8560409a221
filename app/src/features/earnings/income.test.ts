import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EarningsDay } from '@sluice/sdk/graph'
import { zeroAddress } from 'viem'
import { dateOf, incomeByDay, shareOf, sourcesOf, sumOf } from './income.ts'

const OTHER = `0x${'ee'.repeat(20)}` as const

function day(number: number, figures: Partial<EarningsDay> = {}): EarningsDay {
  const nothing = { claimed: 0n, claimCount: 0, sold: 0n, referred: 0n, royalties: 0n, resold: 0n }
  return { day: number, token: zeroAddress, ...nothing, ...figures }
}

describe('income by day', () => {
  it('has the days of one token on which something came in, latest first', () => {
    const days = [
      day(3, { sold: 4n }),
      day(5, { claimed: 1n, royalties: 1n }),
      day(4),
      day(5, { token: OTHER, sold: 9n }),
    ]
    const shown = incomeByDay(days, zeroAddress, 10)
    assert.deepEqual(
      shown.map((income) => [income.day.day, income.sum, income.share]),
      [
        [5, 2n, 0.5],
        [3, 4n, 1],
      ],
    )
  })

  it('has no day twice and none that is yet to come, whatever an index sends', () => {
    const days = [day(5, { sold: 1n }), day(5, { sold: 2n }), day(11, { sold: 2n ** 255n })]
    assert.deepEqual(
      incomeByDay(days, zeroAddress, 10).map(({ sum, share }) => [sum, share]),
      [[2n, 1]],
    )
  })

  it('adds up all sources, and names those that brought something', () => {
    const figures = day(1, { claimed: 1n, sold: 2n, referred: 4n, royalties: 8n, resold: 16n })
    assert.equal(sumOf(figures), 31n)
    assert.deepEqual(
      sourcesOf(day(1, { sold: 1n, resold: 1n })).map(({ label }) => label),
      ['Keys sold', 'Keys resold'],
    )
  })

  it('draws amounts of any size', () => {
    assert.equal(shareOf(2n ** 255n, 2n ** 256n - 1n), 0.5)
    assert.equal(shareOf(1n, 0n), 0)
    assert.equal(dateOf(20_000).toISOString().slice(0, 10), '2024-10-04')
  })
})
