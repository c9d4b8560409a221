import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { SluiceError } from '@sluice/sdk'
import { addressPrefix, createPlaces } from '../net/index.ts'

export type TcpListener = {
  readonly port: number
  /** Stops listening and breaks every connection. */
  stop(): Promise<void>
}

/** Accepts BitTorrent connections, so many at once, and a part of them from one network. Throws BAD_INPUT when the port is taken. */
export async function listenTcp(
  { host, port, maxConnections }: { host: string; port: number; maxConnections: number },
  accept: (socket: Socket, prefix: string) => void,
): Promise<TcpListener> {
  const sockets = new Set<Socket>()
  const places = createPlaces(maxConnections)
  const server = createServer({ noDelay: true }, (socket) => {
    const prefix = addressPrefix(socket.remoteAddress)
    const leave = places.take(prefix)
    if (leave === undefined) return void socket.destroy()
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      leave()
    })
    accept(socket, prefix)
  })
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
