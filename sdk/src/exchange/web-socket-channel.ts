import { SluiceError } from '../errors.ts'
import { createFrameQueue } from './frame-queue.ts'
import { joinFrame, MAX_FRAME_BYTES } from './frame-channel.ts'
import type { FrameChannel } from './frame-channel.ts'

/** Above this the socket's own buffer is full enough. */
const HIGH_WATER = 1024 * 1024
/** A standard WebSocket cannot be paused: what may be in flight towards us is bounded by what we ask for. */
const READ_BOUND = 64 * MAX_FRAME_BYTES
/** The standard has no drain event. */
const DRAIN_POLL_MS = 5
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Opens the exchange over a standard WebSocket, in pages and in Node.
 * @throws NODE_UNREACHABLE, ABORTED
 */
export async function connectWebSocket(url: string, options: { signal?: AbortSignal } = {}): Promise<FrameChannel> {
  const timeout = AbortSignal.timeout(CONNECT_TIMEOUT_MS)
  const signal = options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout])
  const socket = new WebSocket(url)
  const channel = webSocketChannel(socket)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const unreachable = (): void => reject(new SluiceError('NODE_UNREACHABLE', `${url} cannot be reached.`))
  const aborted = (): void => reject(new SluiceError('ABORTED', 'Connecting was given up.', { cause: signal.reason }))
  socket.addEventListener('open', () => resolve(), { once: true })
  socket.addEventListener('close', unreachable, { once: true })
  signal.addEventListener('abort', aborted, { once: true })
  if (signal.aborted) aborted()
  try {
    await promise
    return channel
  } catch (error) {
    socket.close()
    throw error
  } finally {
    signal.removeEventListener('abort', aborted)
  }
}

/** Wraps a standard WebSocket, open or about to be. */
export function webSocketChannel(socket: WebSocket): FrameChannel {
  socket.binaryType = 'arraybuffer'
  const queue = createFrameQueue({ maxBytes: READ_BOUND })
  const breakOff = (error: Error): void => {
    queue.fail(error)
    socket.close()
  }

  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const frame = data instanceof ArrayBuffer ? new Uint8Array(data) : undefined
    if (frame === undefined || frame.length > MAX_FRAME_BYTES) {
      breakOff(new SluiceError('FRAME_INVALID', 'The peer sent no frame of the slice exchange.'))
    } else if (!queue.push(frame)) {
      socket.close()
    }
  })
  socket.addEventListener('close', () => queue.end())
  socket.addEventListener('error', () => queue.fail(new SluiceError('NODE_UNREACHABLE', 'The WebSocket broke.')))

  return {
    frames: queue.frames,
    send: async (frame, body) => {
      requireOpen(socket)
      // A frame is made for one message and never written to again.
      socket.send(joinFrame(frame, body) as Uint8Array<ArrayBuffer>)
      while (socket.bufferedAmount > HIGH_WATER) {
        await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS))
        requireOpen(socket)
      }
    },
    close: () => {
      socket.close()
      return Promise.resolve()
    },
    abort: breakOff,
  }
}

function requireOpen(socket: WebSocket): void {
  if (socket.readyState !== socket.OPEN) throw new SluiceError('NODE_UNREACHABLE', 'The WebSocket is closed.')
}
