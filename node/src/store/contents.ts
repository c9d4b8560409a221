import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '@sluice/sdk'
import { leafSizeAt } from '@sluice/sdk/content'
import { countBits, createBitfield } from './bitfield.ts'
import type { ContentRow, ContentsTable } from './contents-table.ts'
import { evictionOrder } from './eviction.ts'
import type { FilePool } from './file-pool.ts'
import { verifySlices } from './scrub.ts'
import { createSliceFile } from './slice-file.ts'
import type { SliceFile } from './slice-file.ts'
import type { SpaceGuard } from './space.ts'
import type { BlockStore, ContentStore, StoredContent } from './types.ts'

type Entry = { row: ContentRow; readonly file: SliceFile; removed: boolean }

export type ContentsOptions = {
  readonly directory: string
  readonly table: ContentsTable
  readonly pool: FilePool
  readonly space: SpaceGuard
  readonly blocks: BlockStore
  readonly quotaBytes: number
  /** Bytes promised to others than contents. */
  otherBytes(): number
  /** What a content has earned here; the least goes first when room is needed. */
  earned(root: string): bigint
  /** Told of every new root. */
  onStored(root: string): void
}

/** Seconds between two notes of when a content was used: precise enough to choose what goes. */
const USED_AT_GRAIN = 3600

/** Contents by root, all records in memory; the database holds what survives, the flat files the slices. */
export function createContents(options: ContentsOptions) {
  const { directory, table, pool, space, blocks, quotaBytes } = options
  const entries = new Map<string, Entry>()
  for (const row of table.all()) entries.set(row.root, open(row))

  function open(row: ContentRow): Entry {
    const file = createSliceFile({
      pool,
      path: pathOf(row.root),
      bits: row.bits,
      lengthOf: (index) => leafSizeAt(index, row.byteLength),
      persist: (bits) => table.setBits(row.root, bits),
    })
    return { row, file, removed: false }
  }

  function pathOf(root: string): string {
    return join(directory, `${root}.slices`)
  }

  function demand(root: string): Entry {
    const entry = entries.get(root)
    if (entry === undefined) throw new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`)
    return entry
  }

  function change(root: string, fields: Partial<ContentRow>): StoredContent {
    const entry = demand(root)
    entry.row = { ...entry.row, ...fields }
    return describe(entry)
  }

  function usedBytes(): number {
    let total = options.otherBytes()
    for (const { row } of entries.values()) total += row.byteLength
    return total
  }

  /** Throws STORE_FULL unless `bytes` fit, after letting go what earns least and was used longest ago. */
  async function makeRoom(bytes: number): Promise<void> {
    const rows = [...entries.values()].map(({ row }) => row)
    for (const row of evictionOrder(rows, options.earned)) {
      if (usedBytes() + bytes <= quotaBytes) return
      await remove(row.root)
    }
    if (usedBytes() + bytes <= quotaBytes) return
    throw new SluiceError('STORE_FULL', `There is no room for ${bytes} bytes within the quota.`, {
      hint: 'Remove or unpin contents, or raise storage.quota_bytes.',
      details: { quotaBytes, usedBytes: usedBytes() },
    })
  }

  async function remove(root: string): Promise<void> {
    const entry = demand(root)
    entry.removed = true
    entries.delete(root)
    await entry.file.sync().catch(() => undefined)
    table.remove(root)
    await pool.close(entry.file.path)
    await rm(entry.file.path, { force: true })
  }

  function touch(entry: Entry): void {
    const now = Math.floor(Date.now() / 1000)
    if (now - entry.row.usedAt < USED_AT_GRAIN) return
    entry.row = { ...entry.row, usedAt: now }
    table.setUsedAt(entry.row.root, now)
  }

  const contents: ContentStore = {
    get: (root) => {
      const entry = entries.get(root)
      return entry === undefined ? undefined : describe(entry)
    },
    byContentId: (contentId) =>
      [...entries.values()]
        .filter(({ row }) => row.contentId === contentId)
        .map(describe)
        .sort((left, right) => (right.version ?? 0) - (left.version ?? 0)),
    list: () => [...entries.values()].map(describe),
    async create({ pinned = false, ...content }) {
      if (!entries.has(content.root)) await makeRoom(content.byteLength)
      // Somebody may have created it while room was made.
      const existing = entries.get(content.root)
      if (existing !== undefined) return describe(existing)
      const usedAt = Math.floor(Date.now() / 1000)
      const row = { ...content, pinned, origin: false, bits: createBitfield(content.sliceCount), usedAt }
      table.insert(row)
      const entry = open(row)
      entries.set(row.root, entry)
      options.onStored(row.root)
      return describe(entry)
    },
    register(root, { contentId, version }) {
      const content = change(root, { contentId, version })
      table.setRegistration(root, contentId, version)
      return content
    },
    setPinned(root, pinned) {
      const content = change(root, { pinned })
      table.setPinned(root, pinned)
      return content
    },
    remove,
    async readSlice(root, index) {
      const entry = entries.get(root)
      if (entry === undefined || !isIndex(entry.row, index)) return undefined
      touch(entry)
      return entry.file.read(index)
    },
    async writeSlice(root, index, bytes) {
      const entry = demand(root)
      if (!isIndex(entry.row, index)) throw new SluiceError('BAD_INPUT', `There is no slice ${index} in ${root}.`)
      await space.require(bytes.length)
      await entry.file.write(index, bytes)
      // The content went while the slice was on its way: the write may have made its file anew.
      if (entry.removed) await rm(entry.file.path, { force: true })
    },
    sync: (root) => demand(root).file.sync(),
    has: (root) => entries.get(root)?.file.bits.slice(),
    verify(root, signal) {
      const { row, file } = demand(root)
      return verifySlices(row, file, blocks, signal)
    },
  }

  return {
    ...contents,
    usedBytes,
    makeRoom,
    pathOf,
    /** Takes over a complete content whose file is in place and whose row is in the database. */
    adopt(row: ContentRow): StoredContent {
      const entry = open(row)
      entries.set(row.root, entry)
      options.onStored(row.root)
      return describe(entry)
    },
    async close() {
      await Promise.all([...entries.values()].map(({ file }) => file.sync()))
    },
  }
}

export type Contents = ReturnType<typeof createContents>

function isIndex({ sliceCount }: ContentRow, index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < sliceCount
}

function describe({ row, file }: Entry): StoredContent {
  const { bits: _bits, usedAt: _usedAt, ...content } = row
  return { ...content, have: countBits(file.bits) }
}
