import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createIdFilters } from './id-filter.ts'
import type { IdFilter } from './id-filter.ts'

const IDS = 50_000
const idOf = (number: number) => `0x${number.toString(16).padStart(64, '0')}`

describe('a filter of ids', () => {
  const [filter, other] = createIdFilters(2) as [IdFilter, IdFilter]
  for (let number = 0; number < IDS; number += 1) filter.add(idOf(number))

  it('has every id that was added', () => {
    for (let number = 0; number < IDS; number += 1) assert.ok(filter.mayHave(idOf(number)))
  })

  it('tells of nearly all others that they were not, and of those of another set', () => {
    let [wrong, wrongSet] = [0, 0]
    for (let number = 0; number < IDS; number += 1) {
      wrong += Number(filter.mayHave(idOf(IDS + number)))
      wrongSet += Number(other.mayHave(idOf(number)))
    }
    assert.ok(wrong < IDS / 100, `${wrong} of ${IDS}`)
    assert.ok(wrongSet < IDS / 100, `${wrongSet} of ${IDS}`)
  })
})
