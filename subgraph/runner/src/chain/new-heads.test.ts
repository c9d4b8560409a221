import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { startFakeWebSocketServer } from '../../test/ws-server.ts'
import type { FakeWebSocketServer } from '../../test/ws-server.ts'
import { subscribeNewHeads } from './new-heads.ts'
import type { NewHeads } from './new-heads.ts'

const AGREED = '{"jsonrpc":"2.0","id":1,"result":"0x1"}'
const REFUSED = '{"jsonrpc":"2.0","id":1,"error":{"code":-32601}}'
const BLOCK = '{"method":"eth_subscription","params":{}}'
/** Far longer than any test: whoever waits is woken by something else. */
const LONG_MS = 1_000_000

describe('a subscription to new blocks', { timeout: 30_000 }, () => {
  let server: FakeWebSocketServer
  let abort = new AbortController()
  beforeEach(async () => {
    server = await startFakeWebSocketServer()
    abort = new AbortController()
  })
  afterEach(() => {
    abort.abort()
    server.close()
  })

  const subscribe = (urls = [server.url]) =>
    subscribeNewHeads({ urls, signal: abort.signal, backoffMs: 1, maxBackoffMs: 4, agreeMs: 2_000 })
  /** Lets an endpoint agree to tell. */
  async function agree(heads: NewHeads, asked = server.received()): Promise<void> {
    assert.deepEqual(JSON.parse(await asked), { jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })
    const woken = heads.wait(LONG_MS, abort.signal)
    server.say(AGREED)
    await woken
    assert.equal(heads.isLive(), true)
  }

  it('wakes who waits when it is agreed, and at every block', async () => {
    const heads = subscribe()
    assert.equal(heads.isLive(), false)
    await agree(heads)
    for (let block = 0; block < 3; block += 1) {
      const woken = heads.wait(LONG_MS, abort.signal)
      server.say(BLOCK)
      await woken
    }
  })

  it('wakes who waits only after the block was told of, too', async () => {
    const heads = subscribe()
    const asked = await server.received()
    server.say(AGREED)
    while (!heads.isLive()) await heads.wait(1, abort.signal)
    assert.match(asked, /newHeads/)
    await heads.wait(0, abort.signal)
    server.say(BLOCK)
    server.say('{"method":"eth_subscription","params":{"n":2}}')
    await heads.wait(LONG_MS, abort.signal)
  })

  it('is not live while it is broken, and comes back', async () => {
    const heads = subscribe()
    await agree(heads)
    for (let round = 0; round < 3; round += 1) {
      const asked = server.received()
      server.drop()
      await agree(heads, asked)
    }
    assert.equal(server.connections(), 4)
  })

  it('asks the next endpoint when one refuses, says nonsense, or is not there', async () => {
    const heads = subscribe(['ws://127.0.0.1:1', server.url])
    await server.received()
    server.say('no json')
    server.say('[]')
    assert.equal(heads.isLive(), false)
    const asked = server.received()
    server.say(REFUSED)
    await agree(heads, asked)
  })

  it('asks anew when a block was found that nobody told of', async () => {
    const heads = subscribe()
    await agree(heads)
    const asked = server.received()
    heads.missed()
    assert.equal(heads.isLive(), false)
    await agree(heads, asked)
  })

  it('lets go of who waits, and connects no more, when it is told to end', async () => {
    const heads = subscribe()
    await agree(heads)
    const woken = heads.wait(LONG_MS, abort.signal)
    abort.abort()
    await woken
    assert.equal(heads.isLive(), false)
    assert.equal(server.connections(), 1)
  })
})
