import { hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'

/** Slices of one batch: each its memory, and where in it the slice is, in bytes. */
export type Batch = { readonly buffers: ArrayBuffer[]; readonly places: readonly (readonly [number, number])[] }

/** The same memory, and the slices' sha2-256 digests one after the other. */
export type Digested = { readonly buffers: ArrayBuffer[]; readonly digests: Uint8Array }

const DIGEST_BYTES = 32

/** What the thread does: one message for each batch, in order; the memory comes, and goes back, without a copy. */
parentPort?.on('message', ({ buffers, places }: Batch) => {
  const digests = new Uint8Array(DIGEST_BYTES * buffers.length)
  for (const [at, buffer] of buffers.entries()) {
    const [offset, length] = places[at] ?? [0, 0]
    digests.set(hash('sha256', new Uint8Array(buffer, offset, length), 'buffer'), DIGEST_BYTES * at)
  }
  parentPort?.postMessage({ buffers, digests } satisfies Digested, buffers)
})
