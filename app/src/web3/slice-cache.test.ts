import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createSliceCache } from './slice-cache.ts'
import type { FetchSlice } from './slice-cache.ts'

const COUNT = 200
const { signal } = new AbortController()

function countingCache(fetch: FetchSlice = (index) => Promise.resolve(Uint8Array.of(index))) {
  const fetched: number[] = []
  const openReader = createSliceCache((index, options) => {
    fetched.push(index)
    return fetch(index, options)
  }, COUNT)
  return { fetched, openReader }
}

describe('createSliceCache', () => {
  it('gives each slice in order, and fetches each once', async () => {
    const { fetched, openReader } = countingCache()
    const read = openReader(signal)
    for (let index = 0; index < COUNT; index += 1) assert.deepEqual(await read(index), Uint8Array.of(index))
    assert.deepEqual(
      fetched.toSorted((a, b) => a - b),
      Array.from({ length: COUNT }, (_, index) => index),
    )
  })

  it('asks for a few slices ahead and never past the end', async () => {
    const { fetched, openReader } = countingCache()
    await openReader(signal)(COUNT - 3)
    assert.deepEqual(fetched, [COUNT - 3, COUNT - 2, COUNT - 1])
    await openReader(signal)(0)
    assert.deepEqual(fetched.slice(3), [0, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('remembers what another reader had, up to a bound', async () => {
    const { fetched, openReader } = countingCache()
    await openReader(signal)(0)
    const before = fetched.length
    await openReader(signal)(0)
    assert.equal(fetched.length, before)
    const far = openReader(signal)
    for (let index = 10; index < 100; index += 1) await far(index)
    const after = fetched.length
    await openReader(signal)(0)
    assert.ok(fetched.length > after)
  })

  it('fetches a slice again after it failed', async () => {
    let failing = true
    const { openReader } = countingCache((index) =>
      failing ? Promise.reject(new Error('gone')) : Promise.resolve(Uint8Array.of(index)),
    )
    await assert.rejects(openReader(signal)(5), /gone/)
    failing = false
    assert.deepEqual(await openReader(signal)(5), Uint8Array.of(5))
  })

  it('hands its reader’s signal to every slice that it asks for', async () => {
    const stop = new AbortController()
    const signals: AbortSignal[] = []
    const { openReader } = countingCache((index, options) => {
      signals.push(options.signal)
      return Promise.resolve(Uint8Array.of(index))
    })
    await openReader(stop.signal)(0)
    stop.abort()
    assert.ok(signals.length > 1 && signals.every(({ aborted }) => aborted))
  })
})
