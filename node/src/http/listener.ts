import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { SluiceError } from '@sluice/sdk'
import type { Hono } from 'hono'
import type { Certificate } from './certificate.ts'

export type Listener = {
  readonly server: Server
  readonly host: string
  readonly port: number
  /** `http://host:port`, or `https:` with a certificate, as this machine reaches it. */
  readonly origin: string
  /** Starts answering; until then connections wait. */
  serve(app: Hono): void
  /** Presents another certificate to whoever connects from now on; missing where there was none to begin with. */
  readonly renew?: (certificate: Certificate) => void
  /** Stops listening, lets answers under way finish for `graceMs`, then breaks what is left. */
  close(graceMs?: number): Promise<void>
}

const HEADERS_TIMEOUT_MS = 10_000
/** How long a request's body may take to arrive. */
const REQUEST_TIMEOUT_MS = 300_000
const MAX_CONNECTIONS = 1024
const MAX_HEADER_BYTES = 16 * 1024
const GRACE_MS = 2000

export declare namespace bindListener {
  type Options = {
    /** How long a request may take to arrive; 0 lets bodies take any time. */
    readonly requestTimeoutMs?: number
    /** Has it speak TLS alone. */
    readonly certificate?: Certificate | undefined
  }
}

/**
 * Binds an HTTP server with bounded headers, times and connections. Throws BAD_INPUT when the port is taken.
 */
export async function bindListener(host: string, port: number, options: bindListener.Options = {}): Promise<Listener> {
  const { server, scheme, renew } = createBoundedServer(options)
  server.maxConnections = MAX_CONNECTIONS
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen({ host, port })
  await once(server, 'listening').catch((cause: unknown) => {
    throw new SluiceError('BAD_INPUT', `Cannot listen on ${host}:${port}.`, { cause, hint: 'Is the port taken?' })
  })
  const address = server.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    server,
    host,
    port: bound,
    origin: `${scheme}://${reachable(host)}:${bound}`,
    serve: (app) => {
      const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false })
      server.on('request', (request, response) => void answer(request, response))
    },
    ...(renew === undefined ? {} : { renew }),
    async close(graceMs = GRACE_MS) {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

function createBoundedServer({ requestTimeoutMs = REQUEST_TIMEOUT_MS, certificate }: bindListener.Options) {
  const bounds = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
  }
  if (certificate === undefined) return { server: createServer(bounds), scheme: 'http' }
  const server = createSecureServer({ ...bounds, ...certificate, handshakeTimeout: HEADERS_TIMEOUT_MS })
  const renew = (next: Certificate): void => server.setSecureContext(next)
  return { server: server as Server, scheme: 'https', renew }
}

/** A wildcard address listens but cannot be dialled. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
