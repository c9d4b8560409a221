import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '../errors.ts'
import { accept, readBounded } from './http.ts'

/** An answer whose body ends in an error after its first bytes. */
function broken(error: unknown): Response {
  let isStarted = false
  return new Response(
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (isStarted) controller.error(error)
        else controller.enqueue(new Uint8Array(3))
        isStarted = true
      },
    }),
  )
}

describe('an answer over HTTP', () => {
  it('is of a node that is away where a proxy says so in its own words', async () => {
    for (const status of [502, 503, 504]) {
      const answer = accept(new Response('<html>Bad gateway</html>', { status }))
      await assert.rejects(answer, (error) => isSluiceError(error, 'NODE_UNREACHABLE'))
    }
    const other = accept(new Response('<html>No</html>', { status: 500 }))
    await assert.rejects(other, (error) => isSluiceError(error, 'PROTOCOL_VIOLATION'))
  })

  it('is of a node that is away where its body breaks off, unless it was given up', async () => {
    const away = readBounded(broken(new TypeError('terminated')), 10)
    await assert.rejects(away, (error) => isSluiceError(error, 'NODE_UNREACHABLE'))
    const givenUp = readBounded(broken(new DOMException('No more.', 'AbortError')), 10)
    await assert.rejects(givenUp, (error) => isSluiceError(error, 'ABORTED'))
  })

  it('is refused as soon as it is longer than it may be', async () => {
    const long = readBounded(new Response(new Uint8Array(11)), 10)
    await assert.rejects(long, (error) => isSluiceError(error, 'PROTOCOL_VIOLATION'))
  })
})
