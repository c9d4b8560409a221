import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Listener } from '../http/index.ts'
import { addressPrefix } from '../net/addresses.ts'
import { createPlaces } from '../net/places.ts'
import type { RateLimiter } from '../net/rate-limiter.ts'
import type { SliceStream } from '../protocols/slice/index.ts'
import { createSliceStreams } from './slice-streams.ts'

export type ExchangeSocketsOptions = {
  readonly listener: Listener
  readonly limiter: RateLimiter
  /** Sockets open at once, and of these from one address prefix. */
  readonly maxSockets: number
  /** Serves one exchange; the socket is closed when it resolves. */
  readonly serve: (socket: WebSocket, remote: SocketRemote) => Promise<void>
}

export type SocketRemote = {
  readonly addressPrefix: string
  /** Where slices may go instead of over the socket. */
  readonly stream?: SliceStream
}

const PATH = '/exchange'

/**
 * Accepts `WS /exchange` on the public listener: one binary message per frame, no compression, from any page. One that names
 * a token, `?stream=TOKEN`, may take its slices from `GET /exchange/TOKEN`.
 */
export function acceptExchangeSockets({ listener, limiter, maxSockets, serve }: ExchangeSocketsOptions) {
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })
  const places = createPlaces(maxSockets)
  const streams = createSliceStreams()

  function accept(socket: WebSocket, prefix: string, token: string): void {
    const stream = streams.open(token, () => socket.terminate())
    socket.once('close', () => stream?.close())
    // A broken socket ends its exchange through its close event.
    socket.on('error', () => socket.terminate())
    const remote = { addressPrefix: prefix, ...(stream === undefined ? {} : { stream }) }
    void serve(socket, remote).finally(() => socket.close())
  }

  listener.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const url = URL.parse(request.url ?? '', 'http://localhost')
    if (url?.pathname !== PATH) return refuse(stream, '404 Not Found')
    const prefix = addressPrefix(request.socket.remoteAddress)
    const leave = places.take(prefix)
    if (leave !== undefined) stream.once('close', leave)
    if (leave === undefined || !limiter.take(prefix)) return refuse(stream, '429 Too Many Requests')
    server.handleUpgrade(request, stream, head, (socket) => {
      accept(socket, prefix, url.searchParams.get('stream') ?? '')
    })
  })

  return {
    count: () => server.clients.size,
    /** Takes an HTTP answer for the slices of the exchange that was opened with this token; false where there is none. */
    attachStream: (token: string, response: ServerResponse): boolean => streams.attach(token, response),
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
