import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isWatched } from './watched.ts'

/** As a media element tells what was played of it, in seconds. */
function played(...ranges: readonly (readonly [number, number])[]) {
  const at = (index: number) => ranges[index] ?? assert.fail('no such range')
  return { length: ranges.length, start: (index: number) => at(index)[0], end: (index: number) => at(index)[1] }
}

describe('isWatched', () => {
  it('is so after half of a short work, or 30 seconds of a long one', () => {
    assert.equal(isWatched(played([0, 4.9]), 10), false)
    assert.equal(isWatched(played([0, 5]), 10), true)
    assert.equal(isWatched(played([0, 29.9]), 3600), false)
    assert.equal(isWatched(played([100, 130]), 3600), true)
  })

  it('adds up parts, and counts nothing that was skipped', () => {
    assert.equal(isWatched(played([0, 10], [500, 519]), 3600), false)
    assert.equal(isWatched(played([0, 10], [500, 520]), 3600), true)
  })

  it('takes 30 seconds where nobody knows how long it is, and nothing for no time at all', () => {
    assert.equal(isWatched(played([0, 20]), Number.NaN), false)
    assert.equal(isWatched(played([0, 30]), Number.POSITIVE_INFINITY), true)
    assert.equal(isWatched(played(), 0), false)
  })
})
