import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import hre from 'hardhat'

const CONNECTION_COMES = 'net.server.socket'

/** A simulated chain behind JSON-RPC on loopback. */
export type RpcServer = { readonly rpcUrl: string; close(): Promise<void> }

/**
 * Starts Hardhat's chain `dev` on `port` (0 for a free one). Its server closes once no connection is
 * in use, which one that is polled, or a WebSocket, is without end: `close` ends them all.
 */
export async function startRpcServer(port = 0): Promise<RpcServer> {
  const server = await hre.network.createServer({ network: 'dev' }, '127.0.0.1', port)
  const { address, port: boundPort } = await server.listen()
  const sockets = new Set<Socket>()
  // Hardhat keeps its server to itself; Node tells of every connection to any.
  const remember = (message: unknown): void => {
    const { socket } = message as { socket: Socket }
    if (socket.localPort !== boundPort) return
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  }
  subscribe(CONNECTION_COMES, remember)
  return {
    rpcUrl: `http://${address}:${boundPort}`,
    close: async () => {
      const closed = server.close()
      unsubscribe(CONNECTION_COMES, remember)
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
