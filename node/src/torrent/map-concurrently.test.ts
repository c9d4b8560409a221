import assert from 'node:assert/strict'
import { it } from 'node:test'
import { mapConcurrently } from './map-concurrently.ts'

async function* count(to: number): AsyncGenerator<number> {
  for (let number = 0; number < to; number += 1) yield number
}

it('loses no result, also of those that come at the same time, and runs no more than so many at once', async () => {
  let [running, most] = [0, 0]
  const results: number[] = []
  for await (const result of mapConcurrently(count(50), 4, async (number) => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return number
  }))
    results.push(result)
  assert.deepEqual(
    results.sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, number) => number),
  )
  assert.ok(most <= 4 && most > 1, `${most} at once`)
})

it('ends its source when the reader stops, and fails with the operation', async () => {
  let ended = false
  async function* endless(): AsyncGenerator<number> {
    try {
      for (let number = 0; ; number += 1) yield number
    } finally {
      ended = true
    }
  }
  const results = mapConcurrently(endless(), 2, async (number) => number)
  assert.equal((await results.next()).value, 0)
  await results.return()
  assert.ok(ended)
  const failing = mapConcurrently(count(3), 2, () => Promise.reject(new Error('no')))
  await assert.rejects(failing.next(), /no/)
})
