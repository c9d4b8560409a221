import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { ERROR_CODES } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { createPenaltyBook, parsePenalties, penalise, standingOf } from './penalty-book.ts'
import type { Penalty, PenaltyStore } from './penalty-book.ts'

const HOUR = 3_600_000
const NOW = 1_000_000

function memoryStore(): PenaltyStore & { saved: string } {
  return {
    saved: '[]',
    load() {
      return parsePenalties(JSON.parse(this.saved))
    },
    save(penalties) {
      this.saved = JSON.stringify([...penalties])
    },
  }
}

describe('penalty book', () => {
  it('refuses for twelve hours who served a wrong slice, and longer the second time', () => {
    let now = NOW
    const book = createPenaltyBook({ clock: () => now })
    book.record('liar', 'SLICE_CORRUPT')
    assert.equal(book.standing('liar').refusedUntil, NOW + 12 * HOUR)
    assert.equal(book.standing('other').refusedUntil, undefined)
    book.record('liar', 'SLICE_CORRUPT')
    assert.equal(book.standing('liar').refusedUntil, NOW + 18 * HOUR)
    now += 18 * HOUR + 1
    assert.equal(book.standing('liar').refusedUntil, undefined)
    assert.ok(book.standing('liar').handicap > 3)
  })

  it('asks whoever is weak later, and never refuses', () => {
    let now = NOW
    const book = createPenaltyBook({ clock: () => now })
    for (let time = 0; time < 20; time += 1) book.record('slow', 'TIMEOUT')
    assert.deepEqual(book.standing('slow'), { handicap: 3 })
    now += 12 * HOUR
    assert.deepEqual(book.standing('slow'), { handicap: 0.75 })
    now += 48 * HOUR
    assert.deepEqual(book.standing('slow'), { handicap: 0 })
  })

  it('blames nobody for what this side decided', () => {
    const book = createPenaltyBook()
    for (const code of ['ABORTED', 'INSUFFICIENT_FUNDS', 'PRICE_TOO_HIGH', 'SLICE_MISSING'] as const) {
      book.record('peer', code)
    }
    assert.deepEqual(book.standing('peer'), { handicap: 0 })
  })

  it('never forgives by another report, and stays within its bounds', () => {
    const report = fc.record({ code: fc.constantFrom(...ERROR_CODES), after: fc.nat({ max: HOUR }) })
    fc.assert(
      fc.property(fc.array(report, { maxLength: 50 }), (reports) => {
        let penalty: Penalty | undefined
        let now = NOW
        for (const { code, after } of reports) {
          now += after
          const before = standingOf(penalty, now)
          penalty = penalise(penalty, code, now)
          const standing = standingOf(penalty, now)
          assert.ok(standing.handicap >= before.handicap && standing.handicap <= 64)
          assert.ok((standing.refusedUntil ?? 0) >= (before.refusedUntil ?? 0) - 1)
        }
      }),
    )
  })

  it('survives in its store, and takes nothing from one that is damaged', () => {
    const store = memoryStore()
    createPenaltyBook({ store, clock: () => NOW }).record('liar', 'SLICE_CORRUPT')
    const again = createPenaltyBook({ store, clock: () => NOW })
    assert.ok(again.standing('liar').refusedUntil)
    const entry = (penalty: unknown): unknown => ['liar', penalty]
    const damaged = [
      entry({ points: -1, at: 0, code: 'TIMEOUT' }),
      entry({ points: 1e9, at: 0, code: 'TIMEOUT' }),
      entry({ points: 1, at: 'now', code: 'TIMEOUT' }),
      entry({ points: 1, at: 0, code: 'ABORTED' }),
      entry(null),
      ['liar'],
      7,
    ]
    assert.deepEqual(parsePenalties(damaged), [])
    assert.deepEqual(parsePenalties('text'), [])
  })

  it('keeps the thousand that weigh most, however many names it is told', () => {
    const store = memoryStore()
    const book = createPenaltyBook({ store, clock: () => NOW })
    book.record('liar', 'SLICE_CORRUPT')
    const weak: ErrorCode = 'TIMEOUT'
    for (let name = 0; name < 1100; name += 1) book.record(`${name}`, weak)
    assert.equal([...store.load()].length, 1024)
    assert.ok(book.standing('liar').refusedUntil)
  })
})
