import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { createBlockStore } from './blocks.ts'
import type { BlocksOptions } from './blocks.ts'
import { Contents } from './contents.ts'
import { createContentsTable } from './contents-table.ts'
import { openDatabase } from './database.ts'
import { createFilePool } from './file-pool.ts'
import { lockDirectory } from './lock.ts'
import { NODE_MIGRATIONS } from './migrations.ts'
import { createSpaceGuard } from './space.ts'
import type { Store } from './types.ts'
import { Uploads } from './uploads.ts'

export type StoreOptions = {
  readonly directory: string
  /** Most bytes of slices and blocks, uploads included. */
  readonly quotaBytes: number
  /** Bytes of the disk that stay free. */
  readonly reserveBytes: number
  /** What contents have earned here, by root, for the choice of what to let go. */
  readonly earned?: () => ReadonlyMap<string, bigint>
  /** Unix seconds; the machine's unless given. */
  readonly clock?: () => number
}

const MAX_OPEN_FILES = 64

/**
 * Opens the store of a data directory and becomes its only owner.
 * @throws STORE_LOCKED while another process owns it, STORE_CORRUPT for a damaged database.
 */
export async function openStore(options: StoreOptions): Promise<Store & { readonly database: DatabaseSync }> {
  const directories = { contents: join(options.directory, 'contents'), uploads: join(options.directory, 'uploads') }
  for (const directory of Object.values(directories)) await mkdir(directory, { recursive: true, mode: 0o700 })
  const lock = lockDirectory(options.directory)
  try {
    return await openParts(options, directories, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

async function openParts(
  options: StoreOptions,
  directories: { contents: string; uploads: string },
  lock: { release(): void },
): Promise<Store & { readonly database: DatabaseSync }> {
  const database = openDatabase(join(options.directory, 'node.db'), NODE_MIGRATIONS)
  const pool = createFilePool(MAX_OPEN_FILES)
  const space = createSpaceGuard(options.directory, options.reserveBytes)
  const listeners = new Set<(cid: string) => void>()
  const onStored = (cid: string): void => listeners.forEach((listener) => listener(cid))
  const takeRoom: BlocksOptions['takeRoom'] = (bytes, act, options) => contents.takeRoomFor(options, bytes, act)
  const blocks = createBlockStore({ database, space, onStored, takeRoom })
  const contentsTable = createContentsTable(database)
  const shared = { database, pool, space, blocks, onStored, contentsTable }
  const contents: Contents = new Contents({
    ...shared,
    directory: directories.contents,
    table: contentsTable,
    quotaBytes: options.quotaBytes,
    otherBytes: () => uploads.bytes() + blocks.bytes(),
    earned: options.earned ?? (() => new Map()),
    clock: options.clock ?? (() => Math.floor(Date.now() / 1000)),
  })
  const uploads: Uploads = new Uploads({ ...shared, directory: directories.uploads, contents })
  await contents.recover()
  blocks.sweep()
  await removeOrphans(directories.contents, contents.files())
  await removeOrphans(directories.uploads, uploads.files())
  return Object.assign(contents, {
    blocks: { ...blocks, get: async (cid: string) => (await blocks.get(cid)) ?? (await readOpenLeaf(contents, cid)) },
    uploads,
    database,
    onStored(listener: (cid: string) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    announced: () => [...contents.list().map(({ root }) => root), ...blocks.entryPoints()],
    async close() {
      try {
        await Promise.all([contents.flush(), uploads.flush()])
        await pool.closeAll()
      } finally {
        database.close()
        lock.release()
      }
    },
  })
}

/** Open content of one slice is its own root, so that slice is a block too; a sealed slice never is: it is paid for. */
async function readOpenLeaf(contents: Pick<Store, 'get' | 'readSlice'>, cid: string): Promise<Uint8Array | undefined> {
  const content = contents.get(cid)
  return content?.chainKind === 'open' && content.sliceCount === 1 ? contents.readSlice(cid, 0) : undefined
}

/** Files without a row: left by a crash between the two, and never referred to again. */
async function removeOrphans(directory: string, known: readonly string[]): Promise<void> {
  const kept = new Set(known)
  for (const name of await readdir(directory)) {
    if (!kept.has(name)) await rm(join(directory, name))
  }
}
