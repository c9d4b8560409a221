import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { OVERLOADED } from './overloaded.ts'
import { watchSockets } from './sockets.ts'

export type Listening = {
  readonly port: number
  readonly connections: () => number
  /** Stops listening, lets answers under way finish for a moment, then breaks what is left. */
  readonly close: () => Promise<void>
}

const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 10_000
/** How often connections are held to these; Node's own 30 s would let them be six times as long. */
const CHECK_MS = 1_000
const KEEP_ALIVE_MS = 10_000
const MAX_CONNECTIONS = 512
const MAX_HEADER_BYTES = 16 * 1024
const GRACE_MS = 1_000
const READING = { drainMs: 15_000, checkMs: CHECK_MS }
/** Answers that clients have not taken, of all together: beyond that there is no new one. */
const MAX_UNREAD_BYTES = 64 * 2 ** 20

export declare namespace listen {
  type Options = { readonly reading?: watchSockets.Options; readonly maxUnreadBytes?: number }
}

/**
 * Serves an app over HTTP, with bounded headers, times and connections; who does not read its answer loses the
 * connection. Rejects when the port is taken.
 */
export async function listen(app: Hono, host: string, port: number, options: listen.Options = {}): Promise<Listening> {
  const { reading = READING, maxUnreadBytes = MAX_UNREAD_BYTES } = options
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      if (sockets.unread() <= maxUnreadBytes) void answer(request, response)
      else response.writeHead(503, { 'Content-Type': 'application/json', Connection: 'close' }).end(OVERLOADED)
    },
  )
  const sockets = watchSockets(server, reading)
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  server.maxConnections = MAX_CONNECTIONS
  server.listen({ host, port })
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    connections: sockets.count,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => server.closeAllConnections(), GRACE_MS)
      await closed
      clearTimeout(timer)
    },
  }
}
