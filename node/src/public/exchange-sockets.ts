import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Listener } from '../http/index.ts'
import { addressPrefix } from '../net/addresses.ts'
import { createPlaces } from '../net/places.ts'
import type { RateLimiter } from '../net/rate-limiter.ts'

export type ExchangeSocketsOptions = {
  readonly listener: Listener
  readonly limiter: RateLimiter
  /** Sockets open at once, and of these from one address prefix. */
  readonly maxSockets: number
  /** Serves one exchange; the socket is closed when it resolves. */
  readonly serve: (socket: WebSocket, remote: { readonly addressPrefix: string }) => Promise<void>
}

const PATH = '/exchange'

/** Accepts `WS /exchange` on the public listener: one binary message per frame, no compression, from any page. */
export function acceptExchangeSockets({ listener, limiter, maxSockets, serve }: ExchangeSocketsOptions) {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  const places = createPlaces(maxSockets)

  function accept(socket: WebSocket, prefix: string): void {
    // A broken socket ends its exchange through its close event.
    socket.on('error', () => socket.terminate())
    void serve(socket, { addressPrefix: prefix }).finally(() => socket.close())
  }

  listener.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    if (URL.parse(request.url ?? '', 'http://localhost')?.pathname !== PATH) return refuse(stream, '404 Not Found')
    const prefix = addressPrefix(request.socket.remoteAddress)
    const leave = places.take(prefix)
    if (leave !== undefined) stream.once('close', leave)
    if (leave === undefined || !limiter.take(prefix)) return refuse(stream, '429 Too Many Requests')
    server.handleUpgrade(request, stream, head, (socket) => accept(socket, prefix))
  })

  return {
    count: () => server.clients.size,
    /** Breaks every exchange; what was paid for is in the ledger. */
    close(): void {
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
