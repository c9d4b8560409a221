import { once } from 'node:events'
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'

export type Listening = {
  readonly port: number
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

/** Serves an app over HTTP, with bounded headers, times and connections. Rejects when the port is taken. */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => void answer(request, response),
  )
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  server.maxConnections = MAX_CONNECTIONS
  server.listen({ host, port })
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
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
