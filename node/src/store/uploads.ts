import { randomUUID } from 'node:crypto'
import { link, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'
import { MAX_SLICES, parseCid } from '@sluice/sdk/content'
import { countBits, createBitfield } from './bitfield.ts'
import type { Contents } from './contents.ts'
import type { ContentRow, ContentsTable } from './contents-table.ts'
import { transaction } from './database.ts'
import type { FilePool } from './file-pool.ts'
import { readManifest } from './manifest.ts'
import type { StoredManifest } from './manifest.ts'
import { buildDag } from './re-root.ts'
import { createSliceFile, STRIDE } from './slice-file.ts'
import type { SliceFile } from './slice-file.ts'
import type { SpaceGuard } from './space.ts'
import { syncDirectory } from './sync-directory.ts'
import { createUploadsTable } from './uploads-table.ts'
import type { UploadRow } from './uploads-table.ts'
import type { BlockStore, Registration, StoredContent, UploadStore } from './types.ts'

type Entry = { row: UploadRow; readonly file: SliceFile; committing: boolean }

export type UploadsOptions = {
  readonly directory: string
  readonly database: DatabaseSync
  readonly pool: FilePool
  readonly space: SpaceGuard
  readonly blocks: BlockStore
  readonly contents: Contents
  readonly contentsTable: ContentsTable
}

/** Uploads open at once: each holds a part of the quota. */
const MAX_UPLOADS = 64

export function createUploads(options: UploadsOptions) {
  const { directory, database, pool, space, blocks, contents, contentsTable } = options
  const table = createUploadsTable(database)
  const entries = new Map<string, Entry>()
  for (const row of table.all()) entries.set(row.id, open(row))

  function open(row: UploadRow): Entry {
    const file = createSliceFile({
      pool,
      path: join(directory, `${row.id}.slices`),
      bits: row.bits,
      lengthOf: (index) => (index === row.sliceCount - 1 ? (entries.get(row.id)?.row.lastLength ?? STRIDE) : STRIDE),
      persist: (bits) => table.setBits(row.id, bits),
    })
    return { row, file, committing: false }
  }

  function demand(id: string): Entry {
    const entry = entries.get(id)
    if (entry === undefined) throw new SluiceError('CONTENT_UNKNOWN', 'There is no such upload.')
    return entry
  }

  /** The last slice's length is known when it arrives; from then on it is fixed. */
  function fixLastLength(entry: Entry, index: number, length: number): void {
    if (index !== entry.row.sliceCount - 1 || entry.row.lastLength === length) return
    if (entry.row.lastLength !== undefined || length > STRIDE) {
      throw new SluiceError('BAD_INPUT', `The last slice has another length than before, or more than ${STRIDE} bytes.`)
    }
    table.setLastLength(entry.row.id, length)
    entry.row = { ...entry.row, lastLength: length }
  }

  async function forget({ row, file }: Entry): Promise<void> {
    entries.delete(row.id)
    table.remove(row.id)
    await pool.close(file.path)
    await rm(file.path, { force: true })
  }

  /** Two names for one file until the row is there: a crash at any point leaves the upload or the content, whole. */
  async function adopt(entry: Entry, manifest: StoredManifest, registration?: Registration): Promise<StoredContent> {
    const existing = contents.get(manifest.root)
    if (existing !== undefined) await contents.remove(manifest.root)
    const path = contents.pathOf(manifest.root)
    await link(entry.file.path, path)
    await syncDirectory(path)
    const usedAt = Math.floor(Date.now() / 1000)
    const bits = entry.file.bits.slice()
    const row: ContentRow = { ...existing, ...manifest, ...registration, origin: true, pinned: true, bits, usedAt }
    transaction(database, () => {
      contentsTable.insert(row)
      table.remove(entry.row.id)
    })
    const content = contents.adopt(row)
    await forget(entry)
    return content
  }

  const uploads: UploadStore = {
    async create({ kind, sliceCount }) {
      if (!Number.isInteger(sliceCount) || sliceCount < 1 || sliceCount > MAX_SLICES) {
        throw new SluiceError('BAD_INPUT', `An upload has 1 to ${MAX_SLICES} slices.`)
      }
      if (entries.size >= MAX_UPLOADS) {
        throw new SluiceError('RATE_LIMITED', `There are ${MAX_UPLOADS} unfinished uploads.`, {
          hint: 'Finish or delete some.',
        })
      }
      await contents.makeRoom(sliceCount * STRIDE)
      const createdAt = Math.floor(Date.now() / 1000)
      const row: UploadRow = { id: randomUUID(), kind, sliceCount, bits: createBitfield(sliceCount), createdAt }
      table.insert(row)
      entries.set(row.id, open(row))
      return row.id
    },
    async writeSlice(id, index, bytes) {
      const entry = demand(id)
      if (entry.committing) throw new SluiceError('BAD_INPUT', 'The upload is being committed.')
      if (!Number.isInteger(index) || index < 0 || index >= entry.row.sliceCount) {
        throw new SluiceError('BAD_INPUT', `The upload has no slice ${index}.`)
      }
      fixLastLength(entry, index, bytes.length)
      await space.require(bytes.length)
      await entry.file.write(index, bytes)
      await entry.file.sync()
    },
    async received(id) {
      const { row, file } = demand(id)
      await file.sync()
      return { received: file.bits.slice(), count: countBits(file.bits), sliceCount: row.sliceCount }
    },
    async commit(id, manifestCid, registration) {
      const entry = demand(id)
      if (entry.committing) throw new SluiceError('BAD_INPUT', 'The upload is already being committed.')
      entry.committing = true
      try {
        const missing = entry.row.sliceCount - countBits(entry.file.bits)
        if (missing > 0) throw new SluiceError('SLICE_MISSING', `${missing} slices have not arrived yet.`)
        const manifest = await readManifest(blocks, parseCid(manifestCid))
        assertKind(entry.row, manifest)
        await entry.file.sync()
        const root = await buildDag(entry.file, entry.row.sliceCount, blocks)
        if (root.toString() !== manifest.root) {
          throw new SluiceError('MANIFEST_INVALID', 'The slices have another root than the manifest names.', {
            details: { computed: root.toString(), manifest: manifest.root },
          })
        }
        return await adopt(entry, manifest, registration)
      } finally {
        entry.committing = false
      }
    },
    remove: (id) => forget(demand(id)),
  }

  return {
    ...uploads,
    bytes: () => [...entries.values()].reduce((total, { row }) => total + row.sliceCount * STRIDE, 0),
    ids: () => [...entries.keys()],
    async close() {
      await Promise.all([...entries.values()].map(({ file }) => file.sync()))
    },
  }
}

function assertKind({ kind, sliceCount }: UploadRow, manifest: StoredManifest): void {
  if (kind === manifest.chainKind && sliceCount === manifest.sliceCount) return
  throw new SluiceError('MANIFEST_INVALID', 'The manifest is of another kind or slice count than the upload.')
}
