import type { FileHandle } from 'node:fs/promises'
import { SluiceError } from '@sluice/sdk'
import { clearBit, hasBit, setBit } from './bitfield.ts'
import type { Bitfield } from './bitfield.ts'
import type { FilePool } from './file-pool.ts'

/** Where slice `i` starts: `i * STRIDE`. Every slice but the last is exactly this long. */
export const STRIDE = 262_144

/** Unsynced slices after which the data is forced to disk (16 MiB), and the longest they wait. */
const BATCH = 64
const MAX_DELAY_MS = 250

/**
 * The slices of one content in one flat file. A slice is readable from the moment its bytes are written; its bit reaches
 * the database only after `fdatasync`, so that a bit on disk never stands for bytes that are not there. A crash loses at
 * most the last batch's bits.
 */
export type SliceFile = {
  readonly path: string
  readonly bits: Bitfield
  /** The slice's bytes; `undefined` when it is not here. */
  read(index: number): Promise<Uint8Array | undefined>
  write(index: number, bytes: Uint8Array): Promise<void>
  /** Resolves once all that was written before is durable, bits included; concurrent calls share one `fdatasync`. */
  sync(): Promise<void>
  /** Forgets slices found damaged. */
  forget(indexes: readonly number[]): Promise<void>
}

export type SliceFileOptions = {
  readonly pool: FilePool
  readonly path: string
  readonly bits: Bitfield
  lengthOf(index: number): number
  /** Persists a snapshot of the bitfield. */
  persist(bits: Bitfield): void
}

export function createSliceFile({ pool, path, bits, lengthOf, persist }: SliceFileOptions): SliceFile {
  let unsynced = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined
  let failure: unknown

  async function force(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (unsynced === 0) return
    unsynced = 0
    const snapshot = bits.slice()
    try {
      await pool.use(path, (file) => file.datasync())
      persist(snapshot)
    } catch (error) {
      // The kernel may drop dirty pages after a failed sync: nothing that was written here can be trusted any more.
      failure = error
      throw new SluiceError('STORE_CORRUPT', `The disk refused to store ${path}.`, { cause: error })
    }
  }

  function sync(): Promise<void> {
    if (running === undefined) {
      running = force().finally(() => (running = undefined))
      return running
    }
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = undefined
        return sync()
      })
    return queued
  }

  /** A failure in the background is kept and meets the next writer. */
  function syncLater(): void {
    if (unsynced >= BATCH) void sync().catch(() => undefined)
    else timer ??= setTimeout(() => void sync().catch(() => undefined), MAX_DELAY_MS)
  }

  return {
    path,
    bits,
    sync,
    async read(index) {
      if (!hasBit(bits, index)) return undefined
      return pool.use(path, (file) => readFully(file, index * STRIDE, lengthOf(index)))
    },
    async write(index, bytes) {
      if (failure !== undefined) throw new SluiceError('STORE_CORRUPT', `${path} is damaged.`, { cause: failure })
      if (bytes.length !== lengthOf(index)) {
        throw new SluiceError('BAD_INPUT', `Slice ${index} must be ${lengthOf(index)} bytes, not ${bytes.length}.`)
      }
      await pool.use(path, (file) => writeFully(file, bytes, index * STRIDE))
      setBit(bits, index)
      unsynced += 1
      syncLater()
    },
    forget(indexes) {
      for (const index of indexes) clearBit(bits, index)
      // Through the same order as a write: bits that are set meanwhile must not be persisted before their data.
      unsynced += 1
      return sync()
    },
  }
}

async function readFully(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  // Unpooled and not zeroed: every byte is read or the read fails.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new SluiceError('STORE_CORRUPT', 'A slice that was stored is no longer on disk.')
    done += bytesRead
  }
  return bytes
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
