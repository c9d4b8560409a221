import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'
import { isHex } from 'viem'
import { fitBits } from './bitfield.ts'
import type { Bitfield } from './bitfield.ts'
import { lightly } from './database.ts'
import type { StoredContent } from './types.ts'

/** A content as filed; times are unix seconds. */
export type ContentRow = Omit<StoredContent, 'have'> & {
  /** Which slices are durable. */
  readonly bits: Bitfield
  /** Whether slices were written since all that was written before was known to be durable. */
  readonly doubtful: boolean
  /** How many contents with this root stood here before it without a gap: each has a file of its own. */
  readonly generation: number
}

/** The rows of `contents`, one statement each. */
export function createContentsTable(database: DatabaseSync) {
  const updateBits = database.prepare('UPDATE contents SET bits = ? WHERE root = ?')
  const updateRegistration = database.prepare('UPDATE contents SET content_id = ?, version = ? WHERE root = ?')
  const updatePinned = database.prepare('UPDATE contents SET pinned = ? WHERE root = ?')
  const updateUsedAt = database.prepare('UPDATE contents SET used_at = ? WHERE root = ?')
  const updateScrubbedAt = database.prepare('UPDATE contents SET scrubbed_at = ? WHERE root = ?')
  const updateDoubtful = database.prepare('UPDATE contents SET doubtful = ? WHERE root = ?')
  const updateReplicas = database.prepare('UPDATE contents SET replicas = ? WHERE root = ?')
  const updateOffered = database.prepare('UPDATE contents SET offered = ? WHERE root = ?')
  const remove = database.prepare('DELETE FROM contents WHERE root = ?')
  const select = database.prepare('SELECT * FROM contents')
  return {
    insert: prepareInsert(database),
    setBits: (root: string, bits: Bitfield) => lightly(database, () => updateBits.run(bits, root)),
    setRegistration: (root: string, contentId: string, version: number) =>
      void updateRegistration.run(contentId, version, root),
    setPinned: (root: string, pinned: boolean) => void updatePinned.run(Number(pinned), root),
    setUsedAt: (root: string, usedAt: number) => void updateUsedAt.run(usedAt, root),
    setScrubbedAt: (root: string, scrubbedAt: number) => void updateScrubbedAt.run(scrubbedAt, root),
    setDoubtful: (root: string, doubtful: boolean) => void updateDoubtful.run(Number(doubtful), root),
    setOffered: (root: string, offered: boolean) => void updateOffered.run(Number(offered), root),
    setReplicas: (root: string, replicas: number) => void updateReplicas.run(replicas, root),
    remove: (root: string) => void remove.run(root),
    all: (): ContentRow[] => select.all().map(parseRow),
  }
}

export type ContentsTable = ReturnType<typeof createContentsTable>

function prepareInsert(database: DatabaseSync) {
  const insert = database.prepare(
    `INSERT INTO contents (root, content_id, version, chain_kind, manifest_cid, title, mime, slice_count, byte_length,
       origin, pinned, bits, used_at, scrubbed_at, doubtful, replicas, offered, generation)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  return (row: ContentRow): void =>
    void insert.run(
      row.root,
      row.contentId ?? null,
      row.version ?? null,
      row.chainKind,
      row.manifestCid,
      row.title,
      row.mime,
      row.sliceCount,
      row.byteLength,
      Number(row.origin),
      Number(row.pinned),
      row.bits,
      row.usedAt,
      row.scrubbedAt,
      Number(row.doubtful),
      row.replicas,
      Number(row.offered),
      row.generation,
    )
}

function parseRow(row: Record<string, SQLOutputValue>): ContentRow {
  const { content_id: contentId, version, bits } = row
  if (!(bits instanceof Uint8Array)) throw new SluiceError('STORE_CORRUPT', 'A content has no bitfield.')
  return {
    root: String(row['root']),
    ...(isHex(contentId) ? { contentId } : {}),
    ...(typeof version === 'number' ? { version } : {}),
    chainKind: row['chain_kind'] === 'open' ? 'open' : 'sealed',
    manifestCid: String(row['manifest_cid']),
    title: String(row['title']),
    mime: String(row['mime']),
    sliceCount: Number(row['slice_count']),
    byteLength: Number(row['byte_length']),
    origin: row['origin'] === 1,
    pinned: row['pinned'] === 1,
    bits: fitBits(bits, Number(row['slice_count'])),
    usedAt: Number(row['used_at']),
    scrubbedAt: Number(row['scrubbed_at']),
    doubtful: row['doubtful'] === 1,
    replicas: Number(row['replicas']),
    offered: row['offered'] === 1,
    generation: Number(row['generation']),
  }
}
