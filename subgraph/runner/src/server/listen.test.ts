import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { it } from 'node:test'
import { Hono } from 'hono'
import { listen } from './listen.ts'

/** Headers have 5 s; Node looks only every 30 s unless told otherwise. */
const AT_MOST_MS = 15_000

it('a connection that does not finish its headers in time is closed soon after', { timeout: AT_MOST_MS }, async (t) => {
  const server = await listen(new Hono(), '127.0.0.1', 0)
  const socket = connect(server.port, '127.0.0.1')
  t.after(async () => {
    socket.destroy()
    await server.close()
  })
  socket.write('POST / HTTP/1.1\r\nHost: a\r\n')
  const [answer] = (await once(socket, 'data')) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1\.1 408 /)
  await once(socket, 'close')
})
