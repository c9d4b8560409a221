import { bytesToHex } from '@noble/hashes/utils.js'
import { toSluiceError } from './driver.ts'
import { MAX_FRAME_BYTES } from './frame-channel.ts'
import type { FrameChannel } from './frame-channel.ts'
import { createFrameQueue } from './frame-queue.ts'
import { createFrameReader } from './frame-reader.ts'
import { SluiceError } from '../errors.ts'
import { encodeFrame } from '../wire/index.ts'
import { connectWebSocket } from './web-socket-channel.ts'

const TOKEN_BYTES = 16
/** What may wait for the machine; a page's body is not read any further at a quarter of it. */
const READ_BOUND = 64 * MAX_FRAME_BYTES
const HIGH_WATER = READ_BOUND / 4
/** What every goodbye begins with: nothing comes after it, and a node that has closed would refuse a body. */
const [GOODBYE] = encodeFrame({ type: 'bye' })

/**
 * Opens the exchange as it is fastest in a page: a WebSocket, and beside it the slices as the body of a plain HTTP answer.
 * Chromium reads a body four times as fast as a WebSocket's messages. Which way a frame takes is the node's choice for each,
 * so one that knows no such bodies, or a page that may not read them, goes on over the WebSocket alone.
 * @param url `ws:` or `wss:`, the node's exchange
 * @throws NODE_UNREACHABLE, ABORTED
 */
export async function connectPageChannel(url: string, options: { signal?: AbortSignal } = {}): Promise<FrameChannel> {
  // Whoever knows it could take the slices away, so it cannot be guessed.
  const token = bytesToHex(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES)))
  const socketUrl = new URL(url)
  const streamUrl = new URL(`${socketUrl.pathname}/${token}`, socketUrl)
  streamUrl.protocol = socketUrl.protocol === 'wss:' ? 'https:' : 'http:'
  socketUrl.searchParams.set('stream', token)
  return withSliceStream(await connectWebSocket(socketUrl.href, options), streamUrl.href)
}

/** A channel and, while something is asked for, the body of `url`: their frames together. */
function withSliceStream(socket: FrameChannel, url: string): FrameChannel {
  const stop = new AbortController()
  let room = Promise.withResolvers<void>()
  const queue = createFrameQueue({
    maxBytes: READ_BOUND,
    onTaken: (pending) => pending < HIGH_WATER && room.resolve(),
  })
  const end = (error?: Error): void => {
    if (error === undefined) queue.end()
    else queue.fail(error)
    stop.abort()
    room.resolve()
  }
  const breakOff = (error: Error): void => {
    end(error)
    socket.abort(error)
  }
  const push = (frame: Uint8Array): void => {
    if (!queue.push(frame)) breakOff(new SluiceError('PROTOCOL_VIOLATION', 'The peer sends more than was asked for.'))
  }
  const hasRoom = async (): Promise<void> => {
    while (queue.pendingBytes >= HIGH_WATER && !stop.signal.aborted) {
      room = Promise.withResolvers()
      await room.promise
    }
  }
  const forward = async (): Promise<void> => {
    // The socket cannot be paused: its frames are bounded by what is asked for.
    for await (const frame of socket.frames) push(frame)
  }
  forward().then(() => end(), end)
  const openStream = createStreamReader({ url, push, hasRoom, signal: stop.signal, onBroken: breakOff })

  return {
    frames: queue.frames,
    send: (frame, body) => {
      if (frame[0] !== GOODBYE) openStream()
      return socket.send(frame, body)
    },
    close: async () => {
      await socket.close()
      stop.abort()
    },
    abort: breakOff,
  }
}

type StreamReaderOptions = {
  readonly url: string
  readonly push: (frame: Uint8Array) => void
  /** Waited for before more is read. */
  readonly hasRoom: () => Promise<void>
  readonly signal: AbortSignal
  readonly onBroken: (error: Error) => void
}

/** Opens a body and reads it to its end, when it is called and none is open. */
function createStreamReader({ url, push, hasRoom, signal, onBroken }: StreamReaderOptions): () => void {
  let isUsed = false
  const read = async (): Promise<void> => {
    const body = await openBody(url, signal)
    if (body === undefined) return
    const reader = createFrameReader(push)
    for (let next = await body.read(); !next.done; next = await body.read()) {
      reader.push(next.value)
      await hasRoom()
    }
    if (reader.isPartial) throw new SluiceError('FRAME_INVALID', 'The slices ended inside one.')
    // The node lets go of a body that is idle; the next request opens another.
    isUsed = false
  }
  return () => {
    if (isUsed) return
    isUsed = true
    // What was on its way is lost with the body, so the channel is too.
    read().catch((error: unknown) => !signal.aborted && onBroken(toSluiceError(error)))
  }
}

/** Undefined where the node has none for this channel, or the page may not ask: then everything comes over the WebSocket. */
async function openBody(
  url: string,
  signal: AbortSignal,
): Promise<ReadableStreamDefaultReader<Uint8Array> | undefined> {
  const response = await fetch(url, { signal, cache: 'no-store', credentials: 'omit' }).catch(() => undefined)
  return response?.ok === true ? response.body?.getReader() : undefined
}
