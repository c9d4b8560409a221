import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { transaction } from './database.ts'

/** How the text of every dag-cbor sha2-256 CID begins. */
const DAG_CBOR_PREFIX = 'bafyrei'
/** Stands for the owner, where contents are named: what it put here itself stays, whatever else it is used for. */
export const OWNER = ''

/** The root of the content that a block is for, {@link OWNER}, or nobody yet. */
export type BlockUser = string | undefined

/**
 * The rows of `blocks`, and of `block_uses`: for which contents a block was fetched. A block without uses was put here by
 * the owner.
 */
export function createBlocksTable(database: DatabaseSync) {
  const select = database.prepare('SELECT bytes FROM blocks WHERE cid = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO blocks (cid, bytes) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM blocks WHERE cid = ? RETURNING length(bytes) AS bytes')
  const selectTotal = database.prepare('SELECT sum(length(bytes)) AS bytes FROM blocks')
  const selectEntryPoints = database.prepare(`SELECT cid FROM blocks WHERE cid GLOB '${DAG_CBOR_PREFIX}*'`)
  const selectContent = database.prepare('SELECT 1 FROM contents WHERE root = ?')
  const selectUse = database.prepare('SELECT 1 FROM block_uses WHERE cid = ? LIMIT 1')
  const insertUse = database.prepare('INSERT OR IGNORE INTO block_uses (root, cid) VALUES (?, ?)')
  const removeUses = database.prepare('DELETE FROM block_uses WHERE cid = ?')
  const removeUsesOf = database.prepare('DELETE FROM block_uses WHERE root = ?')
  const selectBytesFor = database.prepare(
    'SELECT sum(length(bytes)) AS bytes FROM blocks JOIN block_uses USING (cid) WHERE root = ?',
  )
  const removeUsedOnlyBy = database.prepare(
    `DELETE FROM blocks WHERE cid IN (SELECT cid FROM block_uses WHERE root = :root)
       AND NOT EXISTS (SELECT 1 FROM block_uses AS other WHERE other.cid = blocks.cid AND other.root <> :root)
     RETURNING length(bytes) AS bytes`,
  )
  const isContent = (user: BlockUser): user is string => user !== undefined && user !== OWNER
  const useBy = (user: BlockUser, cid: string): void => {
    if (user !== undefined) insertUse.run(user, cid)
  }

  return {
    get(cid: string): Uint8Array | undefined {
      const bytes = select.get(cid)?.['bytes']
      return bytes instanceof Uint8Array ? bytes : undefined
    },
    /** Whether it is new. One for a content that is not here any more is nobody's, and not stored. */
    insert: (cid: string, bytes: Uint8Array, user: BlockUser): boolean =>
      transaction(database, () => {
        if (isContent(user) && selectContent.get(user) === undefined) return false
        const isNew = insert.run(cid, bytes).changes > 0
        // One without uses is the owner's already, and stays.
        if ((isNew && isContent(user)) || selectUse.get(cid) !== undefined) useBy(user, cid)
        return isNew
      }),
    use: (root: string, cid: string): void => void insertUse.run(root, cid),
    /** Bytes that went. */
    remove: (cid: string): number => {
      removeUses.run(cid)
      return sum(remove.all(cid))
    },
    /** Bytes that went. */
    release(root: string): number {
      const bytes = sum(removeUsedOnlyBy.all({ root }))
      removeUsesOf.run(root)
      return bytes
    },
    bytesFor: (root: string): number => sum(selectBytesFor.all(root)),
    totalBytes: (): number => sum(selectTotal.all()),
    entryPoints: (): string[] => selectEntryPoints.all().map((row) => String(row['cid'])),
  }
}

function sum(rows: readonly Record<string, SQLOutputValue>[]): number {
  return rows.reduce((total, { bytes }) => total + Number(bytes ?? 0), 0)
}
