import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { WebSocketServer } from 'ws'
import { createCleanup } from '../testing/peers.ts'
import { dialExchange } from './dial-exchange.ts'

const cleanup = createCleanup()
after(() => cleanup.run())

const { signal } = new AbortController()
const FRAME = Uint8Array.of(1, 2, 3)

/** A listener whose WebSocket says one frame to everyone; `answer` is for plain requests. */
async function listen(answer?: RequestListener) {
  const seen: string[] = []
  const server = createServer(answer)
  if (answer === undefined) {
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket, { url }) => {
      seen.push(url ?? '')
      socket.send(FRAME)
    })
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.add(() => server.close())
  cleanup.add(() => server.closeAllConnections())
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

function dial(origin: string, options: Partial<dialExchange.Options> = {}) {
  return dialExchange(origin, { privateNetwork: true, signal, onClosed: () => undefined, ...options })
}

const isUnreachable = (error: unknown): boolean => isSluiceError(error, 'NODE_UNREACHABLE')

describe('dialling the exchange of a public listener', () => {
  it('opens its WebSocket, hears what the peer says first, and tells when it has closed', async () => {
    const { origin, seen } = await listen()
    const closed = Promise.withResolvers<void>()
    const channel = await dial(origin, { onClosed: closed.resolve })
    const frames = channel.frames[Symbol.asyncIterator]()
    assert.deepEqual(new Uint8Array((await frames.next()).value as Uint8Array), FRAME)
    assert.deepEqual(seen, ['/exchange'])
    await channel.close()
    await closed.promise
  })

  it('connects to nothing private unless the network is', async () => {
    const { origin, seen } = await listen()
    await assert.rejects(dial(origin, { privateNetwork: false }), isUnreachable)
    await assert.rejects(dial(origin.replace('127.0.0.1', 'localhost'), { privateNetwork: false }), isUnreachable)
    assert.deepEqual(seen, [])
  })

  it('follows no redirect', async () => {
    const { origin: elsewhere, seen } = await listen()
    const { origin } = await listen((_, response) => response.writeHead(302, { location: elsewhere }).end())
    await assert.rejects(dial(origin), isUnreachable)
    assert.deepEqual(seen, [])
  })

  it('gives up a listener that does not answer, when it is told to and by itself', async () => {
    const { origin } = await listen(() => undefined)
    const stop = new AbortController()
    const given = dial(origin, { signal: stop.signal })
    stop.abort()
    await assert.rejects(given, (error) => isSluiceError(error, 'ABORTED'))
    await assert.rejects(dial(origin), isUnreachable)
  })

  it('reports a port at which nobody listens', async () => {
    const { origin } = await listen()
    await cleanup.run()
    await assert.rejects(dial(origin), isUnreachable)
  })
})
