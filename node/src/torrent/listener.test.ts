import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, Server } from 'node:net'
import type { Socket } from 'node:net'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { listenTcp } from './listener.ts'

describe('the listener for BitTorrent connections', () => {
  it('goes on after a connection that it could not accept', async (t: TestContext) => {
    const listen = t.mock.method(Server.prototype, 'listen')
    const accepted = Promise.withResolvers<Socket>()
    const listener = await listenTcp({ host: '127.0.0.1', port: 0, maxConnections: 4 }, accepted.resolve)
    const server = listen.mock.calls[0]?.this as Server
    server.emit('error', new Error('EMFILE'))
    const socket = connect(listener.port, '127.0.0.1')
    assert.equal((await accepted.promise).destroyed, false)
    await Promise.all([once(socket, 'close'), listener.stop()])
  })

  it('does not give all its places to one network', async () => {
    const accepted: Socket[] = []
    const third = Promise.withResolvers<void>()
    const listener = await listenTcp({ host: '127.0.0.1', port: 0, maxConnections: 8 }, (socket, prefix) => {
      assert.equal(prefix, '127.0.0')
      socket.resume()
      if (accepted.push(socket) === 3) third.resolve()
    })
    const knock = (localAddress: string): Socket => connect({ port: listener.port, host: '127.0.0.1', localAddress })
    const [first] = [knock('127.0.0.1'), knock('127.0.0.2')]
    await once(knock('127.0.0.3'), 'close')
    assert.equal(accepted.length, 2)
    first.end()
    await Promise.all(accepted.slice(0, 1).map((socket) => once(socket, 'close')))
    knock('127.0.0.3')
    await third.promise
    await listener.stop()
  })
})
