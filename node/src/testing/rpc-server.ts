import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import hre from 'hardhat'

const REQUEST_STARTS = 'http.server.request.start'

/** A simulated chain behind JSON-RPC on loopback. */
export type RpcServer = { readonly rpcUrl: string; close(): Promise<void> }

/**
 * Starts Hardhat's chain `dev` on `port` (0 for a free one). Its server closes once its connections are idle, and one that
 * is polled when it closes never is: `close` ends them all.
 */
export async function startRpcServer(port = 0): Promise<RpcServer> {
  const server = await hre.network.createServer({ network: 'dev' }, '127.0.0.1', port)
  const { address, port: boundPort } = await server.listen()
  const sockets = new Set<Socket>()
  // Hardhat keeps its server to itself; Node tells of every request to any.
  const remember = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    if (socket.localPort !== boundPort || sockets.has(socket)) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  subscribe(REQUEST_STARTS, remember)
  return {
    rpcUrl: `http://${address}:${boundPort}`,
    close: async () => {
      const closed = server.close()
      unsubscribe(REQUEST_STARTS, remember)
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
