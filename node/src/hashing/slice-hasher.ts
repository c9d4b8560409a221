import { hash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { HashSlice } from '@sluice/sdk/client'
import { SluiceError } from '@sluice/sdk'
import type { Batch, Digested } from './digest-thread.ts'

/** Slices in one message at most, and messages on their way: one that is worked on, one that waits for it. */
const MAX_BATCH = 8
const MAX_SENT = 2
/** Shorter ones are hashed sooner than sent. */
const LEAST_BYTES = 32 * 1024
const DIGEST_BYTES = 32
const LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 }

type Hashed = { readonly digest: Uint8Array; readonly bytes: Uint8Array }

type Waiting = {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly place: readonly [number, number]
  readonly done: PromiseWithResolvers<Hashed>
}

export type SliceHasher = {
  readonly hash: HashSlice
  /** Ends the thread; what it was sent and has not answered is rejected. */
  stop(): Promise<void>
}

/**
 * Hashes slices on a thread of its own, so that the main one has time for moving bytes. While it is busy slices gather into
 * batches, since a way there and back costs a third of what hashing a slice does. Starts with the first slice; what comes
 * before it is up, or on a machine with one core, is for the caller to hash.
 */
export function createSliceHasher({ cores = availableParallelism() }: { readonly cores?: number } = {}): SliceHasher {
  let thread: HashingThread | undefined
  return {
    hash(bytes) {
      if (cores < 2) return undefined
      thread ??= startThread()
      if (!thread.isUp() || bytes.length < LEAST_BYTES || !ownsMemory(bytes)) return undefined
      return thread.hash(bytes)
    },
    async stop() {
      await thread?.stop()
    },
  }
}

type HashingThread = ReturnType<typeof startThread>

function startThread() {
  const queue = createBatches((batch, buffers) => worker.postMessage(batch, buffers))
  const worker = new Worker(new URL('digest-thread.ts', import.meta.url), { resourceLimits: LIMITS })
  let isUp = false
  const end = (cause?: unknown): void => {
    isUp = false
    queue.end(new SluiceError('INTERNAL', 'The thread that hashes has ended.', { cause }))
  }
  worker.unref()
  worker.once('online', () => (isUp = true))
  worker.on('message', queue.receive)
  worker.once('error', end)
  worker.once('exit', () => end())
  return { isUp: () => isUp, hash: queue.add, stop: () => worker.terminate() }
}

/** Slices on their way there and back, in order. */
function createBatches(post: (batch: Batch, buffers: ArrayBuffer[]) => void) {
  const waiting: Waiting[] = []
  const sent: Waiting[][] = []
  let isScheduled = false

  function send(): void {
    while (sent.length < MAX_SENT && waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH)
      const buffers = batch.map(({ bytes }) => bytes.buffer)
      try {
        post({ buffers, places: batch.map(({ place }) => place) }, buffers)
        sent.push(batch)
      } catch (error) {
        // Memory that was given away meanwhile.
        for (const { done } of batch) done.reject(error)
      }
    }
  }

  return {
    /** What comes in one turn of the event loop goes together. */
    add(bytes: Uint8Array<ArrayBuffer>): Promise<Hashed> {
      const done = Promise.withResolvers<Hashed>()
      waiting.push({ bytes, place: [bytes.byteOffset, bytes.length], done })
      if (!isScheduled && sent.length < MAX_SENT) {
        isScheduled = true
        setImmediate(() => {
          isScheduled = false
          send()
        })
      }
      return done.promise
    },
    receive({ buffers, digests }: Digested): void {
      const batch = sent.shift() ?? []
      send()
      for (const [at, { place, done }] of batch.entries()) {
        const digest = digests.subarray(DIGEST_BYTES * at, DIGEST_BYTES * (at + 1))
        done.resolve({ digest, bytes: new Uint8Array(buffers[at] ?? new ArrayBuffer(0), ...place) })
      }
    },
    /** What was sent is lost with the thread, memory and all; what waits is hashed in place. */
    end(error: SluiceError): void {
      for (const { done } of sent.splice(0).flat()) done.reject(error)
      for (const { bytes, place, done } of waiting.splice(0)) {
        if (bytes.length === place[1]) done.resolve({ digest: new Uint8Array(hash('sha256', bytes, 'buffer')), bytes })
        else done.reject(error)
      }
    },
  }
}

/** Whether nothing else is likely to be in the same memory: it goes to the thread as a whole. */
function ownsMemory(bytes: Uint8Array): bytes is Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength - bytes.length < 1024
}
