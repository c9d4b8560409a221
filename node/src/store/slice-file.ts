import { readSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { SluiceError } from '@sluice/sdk'
import { allocateWithHeadroom } from '@sluice/sdk/exchange'
import { clearBit, hasBit, setBit } from './bitfield.ts'
import type { Bitfield } from './bitfield.ts'
import type { FilePool } from './file-pool.ts'

/** Where slice `i` starts: `i * STRIDE`. Every slice but the last is exactly this long. */
export const STRIDE = 262_144

/** Unsynced slices after which the data is forced to disk (16 MiB), and the longest they wait. */
const BATCH = 64
const MAX_DELAY_MS = 250

export type SliceFileOptions = {
  readonly pool: FilePool
  readonly path: string
  readonly bits: Bitfield
  readonly lengthOf: (index: number) => number
  /** Persists a snapshot of the bitfield. */
  readonly persist: (bits: Bitfield) => void
}

/**
 * The slices of one content in one flat file. A slice is readable from the moment its bytes are written; its bit reaches
 * the database only after `fdatasync`, so that a bit on disk never stands for bytes that are not there. A crash loses at
 * most the last batch's bits.
 */
export class SliceFile {
  readonly #options: SliceFileOptions
  #unsynced = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #queued: Promise<void> | undefined
  #failure: unknown
  #retired = false

  constructor(options: SliceFileOptions) {
    this.#options = options
  }

  get path(): string {
    return this.#options.path
  }

  /** Which slices are here, durable or not yet. */
  get bits(): Bitfield {
    return this.#options.bits
  }

  /** The slice's bytes; `undefined` when it is not here. */
  async read(index: number): Promise<Uint8Array | undefined> {
    const { pool, path, bits, lengthOf } = this.#options
    if (this.#retired || !hasBit(bits, index)) return undefined
    return pool.use(path, (file) => readFully(file, index * STRIDE, lengthOf(index)))
  }

  /** What is on disk in a slice's place, whatever the bitfield says; `undefined` behind the end of the file. */
  async peek(index: number): Promise<Uint8Array | undefined> {
    const { pool, path, lengthOf } = this.#options
    if (this.#retired) return undefined
    const [position, length] = [index * STRIDE, lengthOf(index)]
    return pool.use(path, async (file) => {
      const { size } = await file.stat()
      return position + length > size ? undefined : readFully(file, position, length)
    })
  }

  /** Takes in slices that were found whole on disk. */
  adopt(indexes: readonly number[]): Promise<void> {
    for (const index of indexes) setBit(this.#options.bits, index)
    this.#unsynced += indexes.length
    return this.sync()
  }

  async write(index: number, bytes: Uint8Array): Promise<void> {
    const { pool, path, bits, lengthOf } = this.#options
    this.#requireTrust()
    if (bytes.length !== lengthOf(index)) {
      throw new SluiceError('BAD_INPUT', `Slice ${index} must be ${lengthOf(index)} bytes, not ${bytes.length}.`)
    }
    if (this.#retired) return
    await pool.use(path, (file) => writeFully(file, bytes, index * STRIDE))
    setBit(bits, index)
    this.#unsynced += 1
    this.#syncLater()
  }

  /** Forgets slices found damaged, in the order of a write: bits set meanwhile must not be persisted before their data. */
  forget(indexes: readonly number[]): Promise<void> {
    for (const index of indexes) clearBit(this.#options.bits, index)
    this.#unsynced += 1
    return this.sync()
  }

  /** Resolves once all that was written before is durable, bits included; concurrent calls share one `fdatasync`. */
  sync(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#force().finally(() => (this.#running = undefined))
      return this.#running
    }
    this.#queued ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#queued = undefined
        return this.sync()
      })
    return this.#queued
  }

  /** The content goes: from now on its path, which nothing opens any more, and its bits are another's. */
  retire(): void {
    this.#retired = true
  }

  /** Nothing took its place: it is as it was, and what it could not persist meanwhile is. A disk that failed has failed. */
  reinstate(): void {
    this.#retired = false
    if (this.#failure !== undefined) return
    this.#unsynced += 1
    this.#syncLater()
  }

  async #force(): Promise<void> {
    const { pool, path, bits } = this.#options
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#unsynced === 0 || this.#retired) return
    this.#unsynced = 0
    this.#requireTrust()
    const snapshot = bits.slice()
    try {
      await pool.use(path, (file) => file.datasync())
      this.#persist(snapshot)
    } catch (error) {
      // The kernel may drop dirty pages after a failed sync: nothing that was written here can be trusted any more.
      this.#failure = error
      throw new SluiceError('STORE_CORRUPT', `The disk refused to store ${path}.`, { cause: error })
    }
  }

  #requireTrust(): void {
    if (this.#failure === undefined) return
    throw new SluiceError('STORE_CORRUPT', `${this.path} is damaged.`, { cause: this.#failure })
  }

  #persist(bits: Bitfield): void {
    if (!this.#retired) this.#options.persist(bits)
  }

  /** A failure in the background is kept and meets the next writer. */
  #syncLater(): void {
    const sync = (): void => void this.sync().catch(() => undefined)
    if (this.#retired) return
    if (this.#unsynced >= BATCH) sync()
    else this.#timer ??= setTimeout(sync, MAX_DELAY_MS)
  }
}

/** Reads that take longer on average, in milliseconds, come from the disk. */
const SLOW_READ_MS = 2
/** Weight of the newest read: a process that had to wait for a core once is not taken for a disk. */
const SMOOTHING = 1 / 8
/** How long the main thread leaves reading to others then, milliseconds. */
const WARY_MS = 1000

/** How long reads in place took of late, and until when none is tried. */
const pace = { averageMs: 0, waryUntil: 0 }

/**
 * Reads in place while the disk answers from memory: a slice takes 20 µs then, and by way of the pool of threads ten times
 * that. A few slow reads a second are what it costs to find out.
 */
async function readFully(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = allocateWithHeadroom(length, allocateUnzeroed)
  for (let done = 0; done < length;) {
    const bytesRead = await readSome(file, bytes.subarray(done), position + done)
    if (bytesRead === 0) throw new SluiceError('STORE_CORRUPT', 'A slice that was stored is no longer on disk.')
    done += bytesRead
  }
  return bytes
}

/** Not zeroed and not pooled: every byte is read, or the read fails. */
function allocateUnzeroed(length: number): ArrayBuffer {
  return Buffer.allocUnsafeSlow(length).buffer
}

function readSome(file: FileHandle, target: Uint8Array, position: number): number | Promise<number> {
  const started = performance.now()
  if (started < pace.waryUntil) return file.read(target, 0, target.length, position).then(({ bytesRead }) => bytesRead)
  const bytesRead = readSync(file.fd, target, 0, target.length, position)
  const ended = performance.now()
  pace.averageMs += SMOOTHING * (ended - started - pace.averageMs)
  if (pace.averageMs > SLOW_READ_MS) Object.assign(pace, { averageMs: 0, waryUntil: ended + WARY_MS })
  return bytesRead
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
