import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '../errors.ts'
import { raceAttempts } from './race-attempts.ts'
import type { Attempt } from './race-attempts.ts'

const HEAD_START_MS = 250

/** An attempt that a test settles, and what became of it. */
function manual() {
  const outcome = Promise.withResolvers<string>()
  const state = { signal: undefined as AbortSignal | undefined }
  const attempt: Attempt<string> = (signal) => {
    state.signal = signal
    return outcome.promise
  }
  return { attempt, ...outcome, started: () => state.signal !== undefined, aborted: () => state.signal?.aborted }
}

function race(ways: readonly { attempt: Attempt<string> }[], signal = new AbortController().signal) {
  const discarded: string[] = []
  const discard = (value: string): void => void discarded.push(value)
  const options = { signal, headStartMs: HEAD_START_MS, discard }
  const result = raceAttempts(
    ways.map(({ attempt }) => attempt),
    options,
  )
  return { result, discarded }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('race of attempts', () => {
  it('starts no other while the first connects within its head start', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const [first, second] = [manual(), manual()]
    const { result } = race([first, second])
    mock.timers.tick(HEAD_START_MS - 1)
    first.resolve('first')
    assert.equal(await result, 'first')
    mock.timers.tick(HEAD_START_MS)
    assert.deepEqual([second.started(), first.aborted()], [false, false])
  })

  it('takes whoever connects first after the head start, and gives up the other', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const [first, second, third] = [manual(), manual(), manual()]
    const { result, discarded } = race([first, second, third])
    mock.timers.tick(HEAD_START_MS)
    assert.deepEqual([first.started(), second.started(), third.started()], [true, true, false])
    second.resolve('second')
    assert.equal(await result, 'second')
    assert.deepEqual([first.aborted(), second.aborted(), third.started()], [true, false, false])
    // What the loser got after all belongs to nobody.
    first.resolve('first')
    await turn()
    assert.deepEqual(discarded, ['first'])
  })

  it('does not wait for the head start of one that has failed', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const [first, second] = [manual(), manual()]
    const { result } = race([first, second])
    first.reject(new SluiceError('NODE_UNREACHABLE', 'first'))
    await turn()
    assert.equal(second.started(), true)
    second.resolve('second')
    assert.equal(await result, 'second')
  })

  it('fails for the reason of the attempt that was preferred most', async () => {
    const [first, second] = [manual(), manual()]
    const { result } = race([first, second])
    first.reject(new SluiceError('NOT_ENTITLED', 'first'))
    second.reject(new SluiceError('NODE_UNREACHABLE', 'second'))
    await assert.rejects(result, { code: 'NOT_ENTITLED' })
    await assert.rejects(race([]).result, { code: 'NODE_UNREACHABLE' })
  })

  it('starts nothing more once it was given up', async () => {
    const [first, second] = [manual(), manual()]
    const stop = new AbortController()
    const { result } = race([first, second], stop.signal)
    stop.abort()
    assert.equal(first.aborted(), true)
    first.reject(new SluiceError('ABORTED', 'given up'))
    await assert.rejects(result, { code: 'ABORTED' })
    assert.equal(second.started(), false)
  })
})
