import type { WebSocket } from 'ws'
import { createFrameQueue, joinFrame, MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { SluiceError } from '@sluice/sdk'

const HIGH_WATER = 1024 * 1024
const READ_BOUND = 8 * 1024 * 1024

/** Where a page takes slices beside its WebSocket, while it does. */
export type SliceStream = {
  readonly isOpen: boolean
  /** Resolves when there is room again; rejects once the page is gone. */
  send(frame: Uint8Array, body: Uint8Array): Promise<void>
}

/** The slice exchange over a WebSocket, accepted or dialled: one binary message per frame, a page's slices beside it if possible. */
export function wsFrameChannel(socket: WebSocket, stream?: SliceStream): FrameChannel {
  const queue = createFrameQueue({
    maxBytes: READ_BOUND,
    onTaken: (pending) => {
      if (socket.isPaused && pending < HIGH_WATER / 2) socket.resume()
    },
  })
  const breakOff = (error: Error): void => {
    queue.fail(error)
    socket.terminate()
  }
  socket.binaryType = 'nodebuffer'
  socket.on('message', (data, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(data) || data.length > MAX_FRAME_BYTES) {
      return breakOff(new SluiceError('FRAME_INVALID', 'The peer sent no frame of the slice exchange.'))
    }
    if (!queue.push(ownMemory(data))) return socket.terminate()
    if (queue.pendingBytes > HIGH_WATER) socket.pause()
  })
  socket.on('close', () => queue.end())
  socket.on('error', (error) => queue.fail(error))

  return {
    frames: queue.frames,
    send: async (frame, body) => {
      if (body !== undefined && stream?.isOpen === true) return stream.send(frame, body)
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      socket.send(joinFrame(frame, body), (error) => (error ? reject(error) : resolve()))
      // Below the mark the answer matters only if it is a failure, and that ends the frames too.
      if (socket.bufferedAmount < HIGH_WATER) promise.catch(() => undefined)
      else await promise
    },
    close: () => {
      socket.close()
      return Promise.resolve()
    },
    abort: breakOff,
  }
}

/** Short messages are views of what came over the wire together: whoever frees one's memory would free the others'. */
function ownMemory(data: Buffer): Uint8Array {
  return data.buffer.byteLength === data.length ? data : Uint8Array.prototype.slice.call(data)
}
