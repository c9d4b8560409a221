import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export declare namespace watchSockets {
  type Options = {
    /** A client must take an answer to its end in this time: how far it is within one, the system does not tell. */
    readonly drainMs: number
    /** Between two looks. */
    readonly checkMs: number
  }
}

/** What a client has taken of its answers, and since when it is no more. */
type Drain = { readonly at: number; readonly taken: number }

/** Breaks connections whose clients do not read their answers, and tells what all of them still have to. */
export function watchSockets(server: Server, { drainMs, checkMs }: watchSockets.Options) {
  const draining = new Map<Socket, Drain | undefined>()
  server.on('connection', (socket: Socket) => {
    draining.set(socket, undefined)
    socket.once('close', () => draining.delete(socket))
  })
  function check(socket: Socket, last: Drain | undefined, now: number): void {
    if (socket.writableLength === 0) return void draining.set(socket, undefined)
    const taken = socket.bytesWritten - socket.writableLength
    if (last?.taken !== taken) draining.set(socket, { at: now, taken })
    else if (now - last.at >= drainMs) socket.destroy()
  }
  const timer = setInterval(() => {
    for (const [socket, last] of draining) check(socket, last, performance.now())
  }, checkMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))
  return {
    count: () => draining.size,
    /** Bytes of answers that clients have not taken. */
    unread: (): number => {
      let bytes = 0
      for (const socket of draining.keys()) bytes += socket.writableLength
      return bytes
    },
  }
}
