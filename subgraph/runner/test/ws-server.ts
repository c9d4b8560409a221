import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * A WebSocket server (RFC 6455) on loopback, for texts shorter than 126 bytes, which is all that a subscription needs.
 */
export type FakeWebSocketServer = {
  readonly url: string
  /** Connections so far. */
  readonly connections: () => number
  /** The next text that a client sends. */
  readonly received: () => Promise<string>
  /** Says it to every client. */
  readonly say: (text: string) => void
  /** Breaks all connections. */
  readonly drop: () => void
  readonly close: () => void
}

export async function startFakeWebSocketServer(): Promise<FakeWebSocketServer> {
  const clients = new Set<Socket>()
  const events = new EventEmitter()
  let connections = 0
  const server = createServer()
  server.on('upgrade', ({ headers }, socket: Socket) => {
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${GUID}`).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    connections += 1
    clients.add(socket)
    socket.once('close', () => clients.delete(socket)).on('error', () => undefined)
    socket.on('data', (frame: Buffer) => {
      const text = unmask(frame)
      if (text !== undefined) events.emit('text', text)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const drop = () => clients.forEach((socket) => socket.destroy())
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    received: async () => String((await once(events, 'text'))[0]),
    say: (text) =>
      clients.forEach((socket) => socket.write(Buffer.concat([Buffer.of(0x81, text.length), Buffer.from(text)]))),
    drop,
    close: () => {
      drop()
      server.close()
    },
  }
}

/** The text of a client's frame; undefined for one of another kind. */
function unmask(frame: Buffer): string | undefined {
  if (frame[0] !== 0x81) return undefined
  const [mask, content] = [frame.subarray(2, 6), frame.subarray(6, 6 + (frame.readUInt8(1) & 0x7f))]
  return Buffer.from(content.map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString()
}
