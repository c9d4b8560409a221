import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import { tellWhenShown } from './shown.ts'

/** A page that is visible until it is told otherwise. */
function openPage() {
  const shown: { visibilityState: DocumentVisibilityState } = { visibilityState: 'visible' }
  const page = Object.assign(new EventTarget(), shown)
  const turn = (state: DocumentVisibilityState): void => {
    page.visibilityState = state
    page.dispatchEvent(new Event('visibilitychange'))
  }
  const tell = mock.fn()
  return { stop: tellWhenShown(page, tell), turn, told: () => tell.mock.callCount() }
}

describe('tellWhenShown', () => {
  beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }))
  afterEach(() => mock.timers.reset())

  it('tells once, after ten seconds', () => {
    const { told, turn } = openPage()
    mock.timers.tick(9999)
    assert.equal(told(), 0)
    mock.timers.tick(1)
    assert.equal(told(), 1)
    turn('visible')
    mock.timers.tick(20_000)
    assert.equal(told(), 1)
  })

  it('begins again where the page was hidden meanwhile', () => {
    const { told, turn } = openPage()
    mock.timers.tick(9000)
    turn('hidden')
    mock.timers.tick(20_000)
    turn('visible')
    mock.timers.tick(9999)
    assert.equal(told(), 0)
    mock.timers.tick(1)
    assert.equal(told(), 1)
  })

  it('tells nothing where it was given up', () => {
    const { told, stop } = openPage()
    stop()
    mock.timers.tick(20_000)
    assert.equal(told(), 0)
  })
})
