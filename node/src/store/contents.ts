import { rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { SluiceError } from '@sluice/sdk'
import { leafSizeAt } from '@sluice/sdk/content'
import type { DagReader } from '@sluice/sdk/content'
import { clearBit, countBits, createBitfield, hasBit } from './bitfield.ts'
import type { ContentRow, ContentsTable } from './contents-table.ts'
import { evictionFor } from './eviction.ts'
import type { FilePool } from './file-pool.ts'
import { findUnclaimed, isSound, readDag, verifySlices } from './scrub.ts'
import { createTurns } from './turns.ts'
import { SliceFile, STRIDE } from './slice-file.ts'
import type { SpaceGuard } from './space.ts'
import type {
  ContentStore,
  NewContent,
  PutOptions,
  Registration,
  StoredContent,
  VerifyOptions,
  VerifyResult,
} from './types.ts'
import { transaction } from './database.ts'
import type { StoredBlocks } from './blocks.ts'
import type { DatabaseSync } from 'node:sqlite'
import type { Bitfield } from './bitfield.ts'

type Entry = {
  row: ContentRow
  readonly file: SliceFile
  removed: boolean
  /** Slices that a crash may have damaged: compared with their CIDs before they are read for the first time. */
  doubt: { readonly bits: Bitfield; readonly dag: DagReader } | undefined
  /** What slices must be that a crash may have left without their bit, until they have been looked for. */
  unclaimed: DagReader | undefined
}

/** Where a content goes that comes in another's place, if there is one. */
export type Place = { readonly existing: StoredContent | undefined; readonly path: string; readonly generation: number }

export type ContentsOptions = {
  readonly directory: string
  readonly table: ContentsTable
  readonly pool: FilePool
  readonly space: SpaceGuard
  readonly database: DatabaseSync
  readonly blocks: StoredBlocks
  readonly quotaBytes: number
  /** Bytes promised to others than contents. */
  readonly otherBytes: () => number
  /** What contents have earned here; the least goes first when room is needed. */
  readonly earned: () => ReadonlyMap<string, bigint>
  /** Unix seconds. */
  readonly clock: () => number
  /** Told of every new root. */
  readonly onStored: (root: string) => void
}

/** Seconds between two notes of when a content was used: precise enough to choose what goes. */
const USED_AT_GRAIN = 3600

/** Contents by root, all records in memory; the database holds what survives, the flat files the slices. */
export class Contents implements ContentStore {
  readonly #options: ContentsOptions
  readonly #entries = new Map<string, Entry>()
  /** Whose file is being deleted or put in place: nobody else creates or deletes that root meanwhile. */
  readonly #turns = createTurns()
  /** Withdrawn while another is put in place: it counts until one of the two is there. */
  readonly #replaced = new Map<string, Entry>()

  constructor(options: ContentsOptions) {
    this.#options = options
    for (const row of options.table.all()) this.#open(row)
  }

  get(root: string): StoredContent | undefined {
    const entry = this.#entries.get(root)
    return entry === undefined ? undefined : describe(entry)
  }

  list(): StoredContent[] {
    return [...this.#entries.values()].map(describe)
  }

  async create(content: NewContent, options?: { readonly evict?: boolean }): Promise<StoredContent> {
    for (;;) {
      await this.#turns.idle(content.root)
      const bytes = this.#entries.has(content.root) ? 0 : content.byteLength
      // Somebody may have created it, or begun to delete it, while room was made.
      const take = () => (this.#turns.isTaken(content.root) ? undefined : this.#createNow(content))
      const created = await this.takeRoom(bytes, take, options)
      if (created !== undefined) return created
    }
  }

  #createNow({ pinned = false, offered = false, ...content }: NewContent): StoredContent {
    const existing = this.#entries.get(content.root)
    if (existing !== undefined) return offered ? describe(existing) : this.#keepForOwner(existing)
    const fresh = {
      origin: false,
      bits: createBitfield(content.sliceCount),
      doubtful: false,
      replicas: 0,
      generation: 0,
    }
    const now = this.#options.clock()
    const row = { ...content, ...fresh, pinned, offered, usedAt: now, scrubbedAt: now }
    this.#options.table.insert(row)
    return this.adopt(row)
  }

  /**
   * Puts a content in the place of what is here under its root. `place` brings its file, and its row in the one transaction
   * before which the old one stands and after which the new one does, wherever the process ends. Blocks stay: they are of
   * both. Where `place` fails, the old one is here as before.
   */
  replace(root: string, place: (placed: Place) => Promise<ContentRow>): Promise<StoredContent> {
    return this.#turns.take(root, async () => {
      const before = this.#entries.has(root) ? this.#withdraw(root) : undefined
      if (before !== undefined) this.#replaced.set(root, before)
      await before?.file.sync().catch(() => undefined)
      before?.file.retire()
      const generation = before === undefined ? 0 : before.row.generation + 1
      const existing = before && describe(before)
      const placing = place({ existing, generation, path: this.#pathOf({ root, generation }) })
      const row = await placing.catch((error: unknown) => {
        if (before !== undefined) this.#restore(before)
        throw error
      })
      this.#replaced.delete(root)
      const content = this.adopt(row)
      // What cannot be deleted now is at the next start.
      if (before !== undefined) await this.#discard(before.file).catch(() => undefined)
      return content
    })
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

  setReplicas(root: string, replicas: number): StoredContent {
    const content = this.#change(root, { replicas })
    this.#options.table.setReplicas(root, replicas)
    return content
  }

  /** Whoever asked for it wants it now, whatever becomes of the replica that it began as. */
  #keepForOwner({ row }: Entry): StoredContent {
    if (row.offered) this.#options.table.setOffered(row.root, false)
    return this.#change(row.root, { offered: false })
  }

  async remove(root: string): Promise<void> {
    const entry = this.#withdraw(root)
    await this.#turns.take(root, () => this.#delete(entry))
  }

  /** From here on nobody finds it; its row and its file are still to be deleted. */
  #withdraw(root: string): Entry {
    const entry = this.#demand(root)
    entry.removed = true
    this.#entries.delete(root)
    return entry
  }

  /** What was withdrawn is here again, its file with all that it remembers of the disk. */
  #restore(entry: Entry): void {
    entry.removed = false
    this.#replaced.delete(entry.row.root)
    this.#entries.set(entry.row.root, entry)
    entry.file.reinstate()
  }

  async #delete({ row, file }: Entry): Promise<void> {
    const { database, table, blocks } = this.#options
    await file.sync().catch(() => undefined)
    file.retire()
    transaction(database, () => {
      table.remove(row.root)
      blocks.release(row.root)
    })
    await this.#discard(file)
  }

  async #discard({ path }: SliceFile): Promise<void> {
    await this.#options.pool.close(path)
    await rm(path, { force: true })
  }

  async readSlice(root: string, index: number): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(root)
    if (entry === undefined || !isIndex(entry.row, index)) return undefined
    this.#touch(entry)
    if (!(await dispelDoubt(entry, index))) return undefined
    return entry.file.read(index)
  }

  async writeSlice(root: string, index: number, bytes: Uint8Array): Promise<void> {
    const entry = this.#demand(root)
    if (!isIndex(entry.row, index)) throw new SluiceError('BAD_INPUT', `There is no slice ${index} in ${root}.`)
    await this.#options.space.require(bytes.length)
    if (!entry.row.doubtful && !entry.removed) this.#setDoubtful(entry, true)
    await entry.file.write(index, bytes)
    if (entry.doubt !== undefined) clearBit(entry.doubt.bits, index)
  }

  async sync(root: string): Promise<void> {
    const entry = this.#demand(root)
    await entry.file.sync()
    this.#settle(entry)
  }

  async salvage(root: string, options: { readonly signal?: AbortSignal } = {}): Promise<StoredContent> {
    const entry = this.#demand(root)
    const { row, file, unclaimed } = entry
    if (unclaimed === undefined) return describe(entry)
    const found = await findUnclaimed(row, file, unclaimed, { ...options, removed: () => entry.removed })
    await file.adopt(found)
    entry.unclaimed = undefined
    this.#settle(entry)
    return describe(entry)
  }

  has(root: string): Bitfield | undefined {
    return this.#entries.get(root)?.file.bits.slice()
  }

  async verify(root: string, options: VerifyOptions = {}): Promise<VerifyResult> {
    const entry = this.#demand(root)
    const result = await verifySlices(entry.row, entry.file, this.#options.blocks, options)
    if (entry.removed) return result
    entry.doubt = undefined
    this.#settle(entry)
    const scrubbedAt = this.#options.clock()
    this.#change(root, { scrubbedAt })
    this.#options.table.setScrubbedAt(root, scrubbedAt)
    return result
  }

  /**
   * Compares what the database says with the files as they were found: forgets slices behind a file's end, and doubts all
   * of those contents that were written to when the process ended.
   */
  async recover(): Promise<void> {
    for (const entry of this.#entries.values()) {
      const { row, file } = entry
      const length = await stat(file.path).then(
        ({ size }) => size,
        () => 0,
      )
      const present = Array.from({ length: row.sliceCount }, (_, index) => index).filter((i) => hasBit(file.bits, i))
      const lost = present.filter((index) => index * STRIDE + leafSizeAt(index, row.byteLength) > length)
      if (lost.length > 0) await file.forget(lost)
      if (!row.doubtful) continue
      const dag = readDag(row, this.#options.blocks)
      entry.doubt = { bits: file.bits.slice(), dag }
      if (countBits(file.bits) < row.sliceCount) entry.unclaimed = dag
    }
  }

  /** Names of the files that belong to contents. */
  files(): string[] {
    return [...this.#entries.values()].map(({ file }) => basename(file.path))
  }

  #pathOf({ root, generation }: Pick<ContentRow, 'root' | 'generation'>): string {
    return join(this.#options.directory, generation === 0 ? `${root}.slices` : `${root}.${generation}.slices`)
  }

  /** Bytes promised to contents and to others. */
  usedBytes(): number {
    let total = this.#options.otherBytes()
    for (const { row } of [...this.#entries.values(), ...this.#replaced.values()]) total += row.byteLength
    return total
  }

  /**
   * Lets go what earns least and was used longest ago, but not `except`, until `bytes` fit, and takes the room at once,
   * before anybody else can. Throws STORE_FULL, and lets nothing go, where that would not be enough.
   */
  async takeRoom<T>(
    bytes: number,
    take: () => T,
    { evict = true, except }: { readonly evict?: boolean; readonly except?: string } = {},
  ): Promise<T> {
    const { quotaBytes, earned } = this.#options
    for (;;) {
      const missing = this.usedBytes() + bytes - quotaBytes
      if (bytes === 0 || missing <= 0) return take()
      const rows = [...this.#entries.values()].map(({ row }) => row).filter(({ root }) => root !== except)
      const leaving = evict ? evictionFor(rows, missing, earned()) : undefined
      if (leaving === undefined) throw this.#full(bytes)
      for (const { root } of leaving) if (this.#entries.has(root)) await this.remove(root)
    }
  }

  /** Takes room for a block: nothing goes for what a stranger offered, and never the content that it is of. */
  takeRoomFor({ root = '', evict }: PutOptions, bytes: number, take: () => void): Promise<void> {
    const isOffered = this.#entries.get(root)?.row.offered === true
    return this.takeRoom(bytes, take, { evict: evict ?? !isOffered, except: root })
  }

  /** Makes everything durable. */
  async flush(): Promise<void> {
    const entries = [...this.#entries.values()]
    await Promise.all(entries.map(({ file }) => file.sync()))
    for (const entry of entries) this.#settle(entry)
  }

  #full(bytes: number): SluiceError {
    const { quotaBytes } = this.#options
    return new SluiceError('STORE_FULL', `There is no room for ${bytes} bytes within the quota.`, {
      hint: 'Remove or unpin contents (sluice ls), or raise storage.quota_bytes.',
      details: { quotaBytes, usedBytes: this.usedBytes() },
    })
  }

  /** Everything that was written is durable, and nothing of it in doubt. */
  #settle(entry: Entry): void {
    if (!entry.row.doubtful || entry.removed || entry.unclaimed !== undefined) return
    if (entry.doubt !== undefined && countBits(entry.doubt.bits) > 0) return
    entry.doubt = undefined
    this.#setDoubtful(entry, false)
  }

  #setDoubtful(entry: Entry, doubtful: boolean): void {
    entry.row = { ...entry.row, doubtful }
    this.#options.table.setDoubtful(entry.row.root, doubtful)
  }

  #open(row: ContentRow): Entry {
    const { pool, table } = this.#options
    const file = new SliceFile({
      pool,
      path: this.#pathOf(row),
      bits: row.bits,
      lengthOf: (index) => leafSizeAt(index, row.byteLength),
      persist: (bits) => table.setBits(row.root, bits),
    })
    const entry: Entry = { row, file, removed: false, doubt: undefined, unclaimed: undefined }
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
    const usedAt = this.#options.clock()
    if (usedAt - entry.row.usedAt < USED_AT_GRAIN) return
    entry.row = { ...entry.row, usedAt }
    this.#options.table.setUsedAt(entry.row.root, usedAt)
  }
}

/** Whether a slice is what its CID says, where that is in doubt; one that is not, or cannot be compared, is not here any more. */
async function dispelDoubt({ file, doubt }: Entry, index: number): Promise<boolean> {
  if (doubt === undefined || !hasBit(doubt.bits, index)) return true
  const cid = await doubt.dag.leafCid(index).catch(() => undefined)
  const sound = cid !== undefined && (await isSound(file, index, cid))
  // Written anew meanwhile, it is no longer in doubt.
  if (!hasBit(doubt.bits, index)) return true
  clearBit(doubt.bits, index)
  if (!sound) await file.forget([index])
  return sound
}

function isIndex({ sliceCount }: ContentRow, index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < sliceCount
}

function describe({ row, file }: Entry): StoredContent {
  const { bits: _bits, doubtful: _doubtful, generation: _generation, ...content } = row
  return { ...content, have: countBits(file.bits) }
}
