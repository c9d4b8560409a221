import type { Stream } from '@libp2p/interface'
import { pEvent } from 'p-event'
import { Uint8ArrayList } from 'uint8arraylist'
import { createFrameQueue, createFrameReader, encodePrefix, prependInPlace } from '@sluice/sdk/exchange'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { SluiceError } from '@sluice/sdk'

/** Above this the stream is paused, and the muxer's window holds the peer back. */
const HIGH_WATER = 1024 * 1024
/** A stream that goes on gives all that it took in while paused at once: a window, see `net/host.ts`. */
const READ_BOUND = 10 * 1024 * 1024 + HIGH_WATER

/** More than this leaves at once. */
const MAX_HELD = 16 * 1024

/** The slice exchange over a libp2p stream: frames behind their length. */
export function libp2pFrameChannel(stream: Stream): FrameChannel {
  let paused = false
  const queue = createFrameQueue({
    maxBytes: READ_BOUND,
    onTaken: (pending) => {
      if (!paused || pending > HIGH_WATER / 2) return
      paused = false
      stream.resume()
    },
  })
  const breakOff = (error: Error): void => {
    queue.fail(error)
    stream.abort(error)
  }
  const reader = createFrameReader((frame) => {
    if (!queue.push(frame)) stream.abort(new SluiceError('PROTOCOL_VIOLATION', 'The peer sends more than is read.'))
  }, allocate)

  stream.addEventListener('message', ({ data }) => {
    try {
      if (data instanceof Uint8Array) reader.push(data)
      else for (const chunk of data) reader.push(chunk)
    } catch (error) {
      return breakOff(error instanceof Error ? error : new Error(String(error)))
    }
    if (paused || queue.pendingBytes < HIGH_WATER) return
    paused = true
    stream.pause()
  })
  const end = (): void => {
    if (reader.isPartial) queue.fail(new SluiceError('FRAME_INVALID', 'The stream ended inside a frame.'))
    else queue.end()
  }
  stream.addEventListener('end', end)
  stream.addEventListener('close', ({ error }) => (error === undefined ? end() : queue.fail(error)))

  const { send, flush } = createCork(stream, breakOff)
  return {
    frames: queue.frames,
    send,
    close: async () => {
      await flush()
      await stream.close()
    },
    abort: breakOff,
  }
}

/**
 * Small frames of one turn of the event loop leave together: a send through muxer and encryption costs about as much for
 * twenty bytes as for twenty thousand, and a payment and the next request usually go side by side.
 */
function createCork(stream: Stream, breakOff: (error: Error) => void) {
  let held = new Uint8ArrayList()
  let scheduled = false

  const flush = async (): Promise<void> => {
    const bytes = held
    if (bytes.byteLength === 0) return
    held = new Uint8ArrayList()
    // `stream.onDrain()` never resets its promise: a second wait would return at once.
    if (!stream.send(bytes)) await pEvent(stream, 'drain', { rejectionEvents: ['close'] })
  }

  const send = async (frame: Uint8Array, body?: Uint8Array): Promise<void> => {
    const prefix = encodePrefix(frame.length + (body?.length ?? 0))
    const inPlace = body === undefined ? undefined : prependInPlace([prefix, frame], body)
    if (inPlace !== undefined) held.append(inPlace)
    else for (const part of [prefix, frame, body]) if (part !== undefined) held.append(part)
    if (held.byteLength > MAX_HELD) return flush()
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      flush().catch(breakOff)
    })
  }
  return { send, flush }
}

/** Not cleared: a frame's reader writes every byte of it. */
function allocate(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
}
