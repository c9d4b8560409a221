import { randomUUID } from 'node:crypto'
import { link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'
import { asBytes, MAX_SLICES, parseCid } from '@sluice/sdk/content'
import { countBits, createBitfield } from './bitfield.ts'
import type { Contents } from './contents.ts'
import type { ContentsTable } from './contents-table.ts'
import { transaction } from './database.ts'
import type { FilePool } from './file-pool.ts'
import { readManifest } from './manifest.ts'
import type { StoredManifest } from './manifest.ts'
import { buildDag } from './re-root.ts'
import type { Leaf } from './re-root.ts'
import { SliceFile, STRIDE } from './slice-file.ts'
import type { SpaceGuard } from './space.ts'
import { syncDirectory } from './sync-directory.ts'
import { createUploadsTable } from './uploads-table.ts'
import type { UploadRow, UploadsTable } from './uploads-table.ts'
import type { StoredBlocks } from './blocks.ts'
import type { Registration, StoredContent, UploadState, UploadStore } from './types.ts'

type Entry = {
  row: UploadRow
  readonly file: SliceFile
  /** Of the slices that arrived since this process began. */
  readonly leaves: Map<number, Leaf>
  /** Slices that are being written. */
  readonly writing: Map<number, Promise<void>>
  committing: boolean
}

export type UploadsOptions = {
  readonly directory: string
  readonly database: DatabaseSync
  readonly pool: FilePool
  readonly space: SpaceGuard
  readonly blocks: StoredBlocks
  readonly contents: Contents
  readonly contentsTable: ContentsTable
}

/** Uploads open at once: each holds a part of the quota. */
const MAX_UPLOADS = 64

export class Uploads implements UploadStore {
  readonly #options: UploadsOptions
  readonly #table: UploadsTable
  readonly #entries = new Map<string, Entry>()

  constructor(options: UploadsOptions) {
    this.#options = options
    this.#table = createUploadsTable(options.database)
    for (const row of this.#table.all()) this.#open(row)
  }

  async create({ kind, sliceCount }: Pick<UploadRow, 'kind' | 'sliceCount'>): Promise<string> {
    if (!Number.isInteger(sliceCount) || sliceCount < 1 || sliceCount > MAX_SLICES) {
      throw new SluiceError('BAD_INPUT', `An upload has 1 to ${MAX_SLICES} slices.`)
    }
    if (this.#entries.size >= MAX_UPLOADS) {
      throw new SluiceError('RATE_LIMITED', `There are ${MAX_UPLOADS} unfinished uploads.`, {
        hint: 'Finish or delete some.',
      })
    }
    const createdAt = Math.floor(Date.now() / 1000)
    const row: UploadRow = { id: randomUUID(), kind, sliceCount, bits: createBitfield(sliceCount), createdAt }
    return this.#options.contents.takeRoom(sliceCount * STRIDE, () => {
      this.#table.insert(row)
      this.#open(row)
      return row.id
    })
  }

  async writeSlice(id: string, index: number, bytes: Uint8Array): Promise<void> {
    const entry = this.#demand(id)
    if (entry.committing) throw new SluiceError('BAD_INPUT', 'The upload is being committed.')
    if (!Number.isInteger(index) || index < 0 || index >= entry.row.sliceCount) {
      throw new SluiceError('BAD_INPUT', `The upload has no slice ${index}.`)
    }
    this.#fixLastLength(entry, index, bytes.length)
    await inTurn(entry.writing, index, async () => {
      await this.#options.space.require(bytes.length)
      await writeHashed(entry, index, bytes)
    })
    await entry.file.sync()
  }

  async received(id: string): Promise<UploadState> {
    const { row, file } = this.#demand(id)
    await file.sync()
    return { received: file.bits.slice(), count: countBits(file.bits), sliceCount: row.sliceCount }
  }

  async commit(id: string, manifestCid: string, registration?: Registration): Promise<StoredContent> {
    const entry = this.#demand(id)
    if (entry.committing) throw new SluiceError('BAD_INPUT', 'The upload is already being committed.')
    entry.committing = true
    try {
      // What was let in before may still change bytes that have been hashed.
      await Promise.allSettled(entry.writing.values())
      return await this.#adopt(entry, await this.#verify(entry, manifestCid), registration)
    } catch (error) {
      this.#unstage(id)
      throw error
    } finally {
      entry.committing = false
    }
  }

  /** Of what was not committed no block stays; what cannot be let go now is at the next start. */
  #unstage(id: string): void {
    const { blocks, database } = this.#options
    try {
      transaction(database, () => blocks.release(id))
    } catch {
      return
    }
  }

  async remove(id: string): Promise<void> {
    const entry = this.#demand(id)
    if (entry.committing) throw new SluiceError('BAD_INPUT', 'The upload is being committed.')
    await this.#drop(entry)
  }

  async #drop({ row, file }: Entry): Promise<void> {
    this.#entries.delete(row.id)
    this.#table.remove(row.id)
    await this.#options.pool.close(file.path)
    await rm(file.path, { force: true })
  }

  /** Bytes that unfinished uploads may still take. */
  bytes(): number {
    return [...this.#entries.values()].reduce((total, { row }) => total + row.sliceCount * STRIDE, 0)
  }

  /** Names of the files that belong to uploads. */
  files(): string[] {
    return [...this.#entries.keys()].map((id) => `${id}.slices`)
  }

  /** Makes everything durable. */
  async flush(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ file }) => file.sync()))
  }

  #open(row: UploadRow): void {
    const last = row.sliceCount - 1
    const file = new SliceFile({
      pool: this.#options.pool,
      path: join(this.#options.directory, `${row.id}.slices`),
      bits: row.bits,
      lengthOf: (index) => (index === last ? (this.#entries.get(row.id)?.row.lastLength ?? STRIDE) : STRIDE),
      persist: (bits) => this.#table.setBits(row.id, bits),
    })
    this.#entries.set(row.id, { row, file, leaves: new Map(), writing: new Map(), committing: false })
  }

  #demand(id: string): Entry {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw new SluiceError('CONTENT_UNKNOWN', 'There is no such upload.')
    return entry
  }

  /** The last slice's length is known when it arrives; from then on it is fixed. */
  #fixLastLength(entry: Entry, index: number, length: number): void {
    if (index !== entry.row.sliceCount - 1 || entry.row.lastLength === length) return
    if (entry.row.lastLength !== undefined || length > STRIDE) {
      throw new SluiceError('BAD_INPUT', `The last slice has another length than before, or more than ${STRIDE} bytes.`)
    }
    this.#table.setLastLength(entry.row.id, length)
    entry.row = { ...entry.row, lastLength: length }
  }

  /** Leaves the DAG's nodes staged. */
  async #verify({ row, file, leaves }: Entry, manifestCid: string): Promise<StoredManifest> {
    const { blocks } = this.#options
    const missing = row.sliceCount - countBits(file.bits)
    if (missing > 0) throw new SluiceError('SLICE_MISSING', `${missing} slices have not arrived yet.`)
    const manifest = await readManifest(blocks, parseCid(manifestCid))
    assertKind(row, manifest)
    await file.sync()
    const root = await buildDag({ file, leaves }, row.sliceCount, (cid, bytes) =>
      blocks.stage(row.id, cid.toString(), bytes, manifest.root),
    )
    if (root.toString() === manifest.root) return manifest
    throw new SluiceError('MANIFEST_INVALID', 'The slices have another root than the manifest names.', {
      details: { computed: root.toString(), manifest: manifest.root },
    })
  }

  /** Two names for one file until the row is there: a crash at any point leaves the upload or the content, whole. */
  async #adopt(entry: Entry, manifest: StoredManifest, registration?: Registration) {
    const { blocks, contents, contentsTable, database } = this.#options
    const { row: upload, file } = entry
    const content = await contents.replace(manifest.root, async ({ existing, path, generation }) => {
      // Left over where an earlier try could not write its row.
      await rm(path, { force: true })
      await link(file.path, path)
      await syncDirectory(path)
      const row = { ...describeUploaded(existing, file), ...manifest, ...registration, generation }
      transaction(database, () => {
        contentsTable.remove(manifest.root)
        contentsTable.insert(row)
        blocks.claim(upload.id, manifest.root)
        this.#table.remove(upload.id)
      })
      return row
    })
    await this.#drop(entry)
    return content
  }
}

/** One after the other for each slice: two at once could leave the bytes of one and the digest of the other. */
async function inTurn(writing: Map<number, Promise<void>>, index: number, write: () => Promise<void>): Promise<void> {
  const before = writing.get(index)
  const turn = before === undefined ? write() : before.then(write, write)
  writing.set(index, turn)
  try {
    await turn
  } finally {
    if (writing.get(index) === turn) writing.delete(index)
  }
}

/** The digest is taken on another thread while the bytes are written, so that `commit` need not read them again. */
async function writeHashed({ file, leaves }: Entry, index: number, bytes: Uint8Array): Promise<void> {
  leaves.delete(index)
  const [digest] = await Promise.all([crypto.subtle.digest('SHA-256', asBytes(bytes)), file.write(index, bytes)])
  leaves.set(index, { digest: new Uint8Array(digest), size: bytes.length })
}

/** What an upload's content has beside its manifest; what its owner said of the one in whose place it comes stands. */
function describeUploaded(existing: StoredContent | undefined, file: SliceFile) {
  const now = Math.floor(Date.now() / 1000)
  return {
    ...existing,
    origin: true,
    pinned: true,
    bits: file.bits.slice(),
    doubtful: false,
    replicas: existing?.replicas ?? 0,
    offered: false,
    usedAt: now,
    scrubbedAt: now,
  }
}

function assertKind({ kind, sliceCount }: UploadRow, manifest: StoredManifest): void {
  if (kind === manifest.chainKind && sliceCount === manifest.sliceCount) return
  throw new SluiceError('MANIFEST_INVALID', 'The manifest is of another kind or slice count than the upload.')
}
