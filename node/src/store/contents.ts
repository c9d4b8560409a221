import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '@sluice/sdk'
import { leafSizeAt } from '@sluice/sdk/content'
import { countBits, createBitfield } from './bitfield.ts'
import type { ContentRow, ContentsTable } from './contents-table.ts'
import { evictionOrder } from './eviction.ts'
import type { FilePool } from './file-pool.ts'
import { verifySlices } from './scrub.ts'
import { SliceFile } from './slice-file.ts'
import type { SpaceGuard } from './space.ts'
import type { BlockStore, ContentStore, NewContent, Registration, StoredContent, VerifyResult } from './types.ts'
import type { Bitfield } from './bitfield.ts'
import type { Hex } from 'viem'

type Entry = { row: ContentRow; readonly file: SliceFile; removed: boolean }

export type ContentsOptions = {
  readonly directory: string
  readonly table: ContentsTable
  readonly pool: FilePool
  readonly space: SpaceGuard
  readonly blocks: BlockStore
  readonly quotaBytes: number
  /** Bytes promised to others than contents. */
  readonly otherBytes: () => number
  /** What a content has earned here; the least goes first when room is needed. */
  readonly earned: (root: string) => bigint
  /** Told of every new root. */
  readonly onStored: (root: string) => void
}

/** Seconds between two notes of when a content was used: precise enough to choose what goes. */
const USED_AT_GRAIN = 3600

/** Contents by root, all records in memory; the database holds what survives, the flat files the slices. */
export class Contents implements ContentStore {
  readonly #options: ContentsOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: ContentsOptions) {
    this.#options = options
    for (const row of options.table.all()) this.#open(row)
  }

  get(root: string): StoredContent | undefined {
    const entry = this.#entries.get(root)
    return entry === undefined ? undefined : describe(entry)
  }

  byContentId(contentId: Hex): StoredContent[] {
    return this.list()
      .filter((content) => content.contentId === contentId)
      .sort((left, right) => (right.version ?? 0) - (left.version ?? 0))
  }

  list(): StoredContent[] {
    return [...this.#entries.values()].map(describe)
  }

  async create({ pinned = false, ...content }: NewContent): Promise<StoredContent> {
    if (!this.#entries.has(content.root)) await this.makeRoom(content.byteLength)
    // Somebody may have created it while room was made.
    const existing = this.#entries.get(content.root)
    if (existing !== undefined) return describe(existing)
    const row = { ...content, pinned, origin: false, bits: createBitfield(content.sliceCount), usedAt: now() }
    this.#options.table.insert(row)
    return this.adopt(row)
  }

  /** Takes over a content whose row is in the database and whose file, as far as it goes, is in place. */
  adopt(row: ContentRow): StoredContent {
    const content = describe(this.#open(row))
    this.#options.onStored(row.root)
    return content
  }

  register(root: string, { contentId, version }: Registration): StoredContent {
    const content = this.#change(root, { contentId, version })
    this.#options.table.setRegistration(root, contentId, version)
    return content
  }

  setPinned(root: string, pinned: boolean): StoredContent {
    const content = this.#change(root, { pinned })
    this.#options.table.setPinned(root, pinned)
    return content
  }

  async remove(root: string): Promise<void> {
    const entry = this.#demand(root)
    entry.removed = true
    this.#entries.delete(root)
    await entry.file.sync().catch(() => undefined)
    this.#options.table.remove(root)
    await this.#options.pool.close(entry.file.path)
    await rm(entry.file.path, { force: true })
  }

  async readSlice(root: string, index: number): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(root)
    if (entry === undefined || !isIndex(entry.row, index)) return undefined
    this.#touch(entry)
    return entry.file.read(index)
  }

  async writeSlice(root: string, index: number, bytes: Uint8Array): Promise<void> {
    const entry = this.#demand(root)
    if (!isIndex(entry.row, index)) throw new SluiceError('BAD_INPUT', `There is no slice ${index} in ${root}.`)
    await this.#options.space.require(bytes.length)
    await entry.file.write(index, bytes)
    // The content went while the slice was on its way: the write may have made its file anew.
    if (entry.removed) await rm(entry.file.path, { force: true })
  }

  sync(root: string): Promise<void> {
    return this.#demand(root).file.sync()
  }

  has(root: string): Bitfield | undefined {
    return this.#entries.get(root)?.file.bits.slice()
  }

  async verify(root: string, signal?: AbortSignal): Promise<VerifyResult> {
    const { row, file } = this.#demand(root)
    return verifySlices(row, file, this.#options.blocks, signal)
  }

  pathOf(root: string): string {
    return join(this.#options.directory, `${root}.slices`)
  }

  /** Bytes promised to contents and to others. */
  usedBytes(): number {
    let total = this.#options.otherBytes()
    for (const { row } of this.#entries.values()) total += row.byteLength
    return total
  }

  /** Throws STORE_FULL unless `bytes` fit, after letting go what earns least and was used longest ago. */
  async makeRoom(bytes: number): Promise<void> {
    const { quotaBytes, earned } = this.#options
    const rows = [...this.#entries.values()].map(({ row }) => row)
    for (const row of evictionOrder(rows, earned)) {
      if (this.usedBytes() + bytes <= quotaBytes) return
      await this.remove(row.root)
    }
    if (this.usedBytes() + bytes <= quotaBytes) return
    throw new SluiceError('STORE_FULL', `There is no room for ${bytes} bytes within the quota.`, {
      hint: 'Remove or unpin contents, or raise storage.quota_bytes.',
      details: { quotaBytes, usedBytes: this.usedBytes() },
    })
  }

  /** Makes everything durable. */
  async flush(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ file }) => file.sync()))
  }

  #open(row: ContentRow): Entry {
    const { pool, table } = this.#options
    const file = new SliceFile({
      pool,
      path: this.pathOf(row.root),
      bits: row.bits,
      lengthOf: (index) => leafSizeAt(index, row.byteLength),
      persist: (bits) => table.setBits(row.root, bits),
    })
    const entry = { row, file, removed: false }
    this.#entries.set(row.root, entry)
    return entry
  }

  #demand(root: string): Entry {
    const entry = this.#entries.get(root)
    if (entry === undefined) throw new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`)
    return entry
  }

  #change(root: string, fields: Partial<ContentRow>): StoredContent {
    const entry = this.#demand(root)
    entry.row = { ...entry.row, ...fields }
    return describe(entry)
  }

  #touch(entry: Entry): void {
    const usedAt = now()
    if (usedAt - entry.row.usedAt < USED_AT_GRAIN) return
    entry.row = { ...entry.row, usedAt }
    this.#options.table.setUsedAt(entry.row.root, usedAt)
  }
}

function now(): number {
  return Math.floor(Date.now() / 1000)
}

function isIndex({ sliceCount }: ContentRow, index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < sliceCount
}

function describe({ row, file }: Entry): StoredContent {
  const { bits: _bits, usedAt: _usedAt, ...content } = row
  return { ...content, have: countBits(file.bits) }
}
