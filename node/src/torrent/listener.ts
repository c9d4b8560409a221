import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { SluiceError } from '@sluice/sdk'

export type TcpListener = {
  readonly port: number
  /** Stops listening and breaks every connection. */
  stop(): Promise<void>
}

/** Accepts BitTorrent connections, so many at once. Throws BAD_INPUT when the port is taken. */
export async function listenTcp(
  { host, port, maxConnections }: { host: string; port: number; maxConnections: number },
  accept: (socket: Socket) => void,
): Promise<TcpListener> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    accept(socket)
  })
  server.maxConnections = maxConnections
  server.listen({ host, port })
  await once(server, 'listening').catch((cause: unknown) => {
    throw new SluiceError('BAD_INPUT', `Cannot listen on ${host}:${port}.`, { cause, hint: 'Is the port taken?' })
  })
  // A connection that could not be accepted (no descriptor left) is nobody's loss but its own.
  server.on('error', () => undefined)
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
