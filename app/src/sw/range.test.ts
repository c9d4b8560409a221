import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseRange } from './range.ts'

describe('parseRange', () => {
  it('answers with the whole when nothing, several ranges or nonsense is asked', () => {
    for (const header of [null, '', 'bytes=-', 'bytes=0-1,4-5', 'items=0-1', 'bytes=5-2', 'bytes=a-b']) {
      assert.deepEqual(parseRange(header, 10), { kind: 'whole' })
    }
  })

  it('reads open, closed and suffix ranges', () => {
    assert.deepEqual(parseRange('bytes=0-', 10), { kind: 'part', start: 0, end: 10 })
    assert.deepEqual(parseRange('bytes=2-4', 10), { kind: 'part', start: 2, end: 5 })
    assert.deepEqual(parseRange('bytes=2-999', 10), { kind: 'part', start: 2, end: 10 })
    assert.deepEqual(parseRange('bytes=-3', 10), { kind: 'part', start: 7, end: 10 })
    assert.deepEqual(parseRange('bytes=-99', 10), { kind: 'part', start: 0, end: 10 })
  })

  it('refuses a range that starts at or past the end', () => {
    for (const header of ['bytes=10-', 'bytes=11-12', 'bytes=-0']) {
      assert.deepEqual(parseRange(header, 10), { kind: 'unsatisfiable' })
    }
    assert.deepEqual(parseRange('bytes=0-', 0), { kind: 'unsatisfiable' })
  })

  it('never leaves the resource, whatever the header', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${String(a)}-${String(b)}`),
    )
    fc.assert(
      fc.property(header, fc.nat(), (text, size) => {
        const answer = parseRange(text, size)
        if (answer.kind === 'part') assert.ok(answer.start >= 0 && answer.start < answer.end && answer.end <= size)
      }),
    )
  })
})
