import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
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

const QUICK = { drainMs: 200, checkMs: 20 }
const LARGE = 'a'.repeat(32 * 2 ** 20)

/** Asks, and reads nothing until told to. */
function ask(port: number): Socket {
  const socket = connect(port, '127.0.0.1').pause()
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  return socket
}

const largeApp = (bytes: number) => new Hono().get('/', (context) => context.text(LARGE.slice(0, bytes)))

it('a client that does not read its answer loses the connection', { timeout: AT_MOST_MS }, async (t) => {
  const asked = Promise.withResolvers<undefined>()
  const app = new Hono().get('/', (context) => {
    asked.resolve(undefined)
    return context.text(LARGE)
  })
  const server = await listen(app, '127.0.0.1', 0, { reading: QUICK })
  t.after(() => server.close())
  const socket = ask(server.port)
  await asked.promise
  // It can read what the system holds for it, and no more than that.
  while (server.connections() > 0) await new Promise((resolve) => setImmediate(resolve))
  let bytes = 0
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
  await once(socket.resume(), 'close')
  assert.ok(bytes < LARGE.length, `${bytes} bytes`)
})

it('a client that reads gets a large answer to its end', { timeout: AT_MOST_MS }, async (t) => {
  const bytes = 8 * 2 ** 20
  const server = await listen(largeApp(bytes), '127.0.0.1', 0)
  t.after(() => server.close())
  const response = await fetch(`http://127.0.0.1:${server.port}/`)
  assert.equal((await response.text()).length, bytes)
})

it('there is no new answer while clients have too much to read', { timeout: AT_MOST_MS }, async (t) => {
  const server = await listen(largeApp(LARGE.length), '127.0.0.1', 0, { maxUnreadBytes: 2 ** 20 })
  const socket = ask(server.port)
  t.after(async () => {
    socket.destroy()
    await server.close()
  })
  const url = `http://127.0.0.1:${server.port}/none`
  while ((await fetch(url)).status !== 503) assert.equal(socket.destroyed, false)
  socket.destroy()
  while ((await fetch(url)).status !== 404) assert.equal(socket.destroyed, true)
})
