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
})
