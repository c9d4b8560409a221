import { SluiceError } from '../errors.ts'
import { joinFrame } from './frame-channel.ts'
import type { FrameChannel } from './frame-channel.ts'
import { createFrameQueue } from './frame-queue.ts'
import type { FrameQueue } from './frame-queue.ts'

/**
 * Two ends of one channel in memory. `highWaterMark` bytes may wait for the reader before `send` does; no more is ever
 * lost or reordered than by a real transport.
 */
export function createMemoryPair(options: { highWaterMark?: number } = {}): [FrameChannel, FrameChannel] {
  const highWaterMark = options.highWaterMark ?? 1024 * 1024
  const [left, right] = [createEnd(highWaterMark), createEnd(highWaterMark)]
  return [channelOf(left, right), channelOf(right, left)]
}

type End = { queue: FrameQueue; closed: boolean; drained: () => Promise<void>; release: () => void }

function createEnd(highWaterMark: number): End {
  let waiting: (() => void)[] = []
  const release = (): void => {
    for (const resolve of waiting) resolve()
    waiting = []
  }
  const queue = createFrameQueue({
    maxBytes: Number.MAX_SAFE_INTEGER,
    onTaken: (pending) => {
      if (pending < highWaterMark) release()
    },
  })
  const drained = async (): Promise<void> => {
    if (queue.pendingBytes < highWaterMark) return
    await new Promise<void>((resolve) => waiting.push(resolve))
  }
  return { queue, closed: false, drained, release }
}

/** Reads from `own`, writes to `other`. */
function channelOf(own: End, other: End): FrameChannel {
  const finish = (error?: Error): void => {
    for (const end of [own, other]) {
      end.closed = true
      if (error === undefined) end.queue.end()
      else end.queue.fail(error)
      end.release()
    }
  }
  return {
    frames: own.queue.frames,
    send: async (frame, body) => {
      if (other.closed) throw new SluiceError('NODE_UNREACHABLE', 'The channel is closed.')
      // Awaited as a real transport would be, so that a test sees the same interleavings.
      await Promise.resolve()
      other.queue.push(joinFrame(frame, body))
      await other.drained()
    },
    close: () => {
      finish()
      return Promise.resolve()
    },
    abort: (reason) => finish(reason),
  }
}
