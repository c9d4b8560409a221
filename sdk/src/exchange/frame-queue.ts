import { SluiceError } from '../errors.ts'

/**
 * Frames between a transport that pushes and one reader that pulls. Bounded by bytes: a peer that sends more than its
 * reader takes breaks the channel instead of filling the memory.
 */
export type FrameQueue = {
  readonly frames: AsyncIterable<Uint8Array>
  /** Bytes that wait for the reader, and what each frame costs besides. */
  readonly pendingBytes: number
  /** Returns false, and breaks the queue, when the bound is passed. */
  push(frame: Uint8Array): boolean
  end(): void
  fail(error: Error): void
}

export function createFrameQueue(options: createFrameQueue.Options): FrameQueue {
  const { maxBytes, frameCost = 0, onTaken } = options
  const waiting: Uint8Array[] = []
  let pendingBytes = 0
  let finished: { error?: Error } | undefined
  let wake: (() => void) | undefined

  const finish = (error?: Error): void => {
    finished ??= error === undefined ? {} : { error }
    wake?.()
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const frame = waiting.shift()
      if (frame !== undefined) {
        pendingBytes -= frame.length + frameCost
        onTaken?.(pendingBytes)
        yield frame
      } else if (finished !== undefined) {
        if (finished.error !== undefined) throw finished.error
        return
      } else {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
    }
  }

  return {
    frames: read(),
    get pendingBytes() {
      return pendingBytes
    },
    push: (frame) => {
      if (finished !== undefined) return true
      if (pendingBytes + frame.length + frameCost > maxBytes) {
        finish(new SluiceError('PROTOCOL_VIOLATION', 'The peer sends more than was asked for.'))
        return false
      }
      waiting.push(frame)
      pendingBytes += frame.length + frameCost
      wake?.()
      return true
    },
    end: () => finish(),
    fail: (error) => {
      // What is left is of a broken channel; dropping it frees the memory at once.
      waiting.length = 0
      finish(error)
    },
  }
}

export declare namespace createFrameQueue {
  type Options = {
    maxBytes: number
    /** What each frame counts for besides its bytes, so that small ones cannot be kept without end; 0 unless it is given. */
    frameCost?: number
    /** Called with what is left each time the reader took a frame: where a transport resumes. */
    onTaken?: (pendingBytes: number) => void
  }
}
