import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openPenaltyBook } from './penalties.ts'

function memoryStorage(values = new Map<string, string>()): Storage {
  const storage: Partial<Storage> = {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
  }
  return storage as Storage
}

describe('a page’s penalties', () => {
  it('outlive the page', () => {
    const storage = memoryStorage()
    openPenaltyBook(() => storage).record('liar https://one.example', 'SLICE_CORRUPT')
    const again = openPenaltyBook(() => storage)
    assert.ok(again.standing('liar https://one.example').refusedUntil)
    assert.equal(again.standing('liar https://two.example').refusedUntil, undefined)
  })

  it('are remembered for as long as the page is open where nothing can be kept', () => {
    const book = openPenaltyBook(() => {
      throw new DOMException('Storage is turned off.', 'SecurityError')
    })
    book.record('slow', 'TIMEOUT')
    assert.equal(book.standing('slow').handicap > 0.9, true)
  })

  it('start anew where what was kept is damaged', () => {
    const storage = memoryStorage(new Map([['sluice-penalties', '[[']]))
    assert.deepEqual(openPenaltyBook(() => storage).standing('liar'), { handicap: 0 })
  })
})
