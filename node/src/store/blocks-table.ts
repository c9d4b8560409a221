import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { transaction } from './database.ts'

/** How the text of every dag-cbor sha2-256 CID begins. */
const DAG_CBOR_PREFIX = 'bafyrei'
/** Stands for the owner, where contents are named: what it put here itself stays, whatever else it is used for. */
export const OWNER = ''

/** The root of the content that a block is for, the id of the upload whose DAG it is of, or {@link OWNER}. */
export type BlockUser = string

/**
 * The rows of `blocks`, and of `block_uses`: for which contents a block was fetched, and for which uploads it was made. A
 * block without uses was put here by the owner.
 */
export function createBlocksTable(database: DatabaseSync) {
  const select = database.prepare('SELECT bytes FROM blocks WHERE cid = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO blocks (cid, bytes) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM blocks WHERE cid = ? RETURNING length(bytes) AS bytes')
  const selectTotal = database.prepare('SELECT sum(length(bytes)) AS bytes FROM blocks')
  const selectEntryPoints = database.prepare(`SELECT cid FROM blocks WHERE cid GLOB '${DAG_CBOR_PREFIX}*'`)
  const selectUser = database.prepare(
    'SELECT 1 FROM contents WHERE root = :user UNION ALL SELECT 1 FROM uploads WHERE id = :user',
  )
  const uses = prepareUses(database)
  const selectBytesFor = database.prepare(
    'SELECT sum(length(bytes)) AS bytes FROM blocks JOIN block_uses USING (cid) WHERE root = ?',
  )
  const removeUsedOnlyBy = database.prepare(
    `DELETE FROM blocks WHERE cid IN (SELECT cid FROM block_uses WHERE root = :root)
       AND NOT EXISTS (SELECT 1 FROM block_uses AS other WHERE other.cid = blocks.cid AND other.root <> :root)
     RETURNING length(bytes) AS bytes`,
  )

  return {
    get(cid: string): Uint8Array | undefined {
      const bytes = select.get(cid)?.['bytes']
      return bytes instanceof Uint8Array ? bytes : undefined
    },
    /** Whether it is new. One for a content or an upload that is not here any more is nobody's, and not stored. */
    insert: (cid: string, bytes: Uint8Array, user: BlockUser): boolean =>
      transaction(database, () => {
        if (user !== OWNER && selectUser.get({ user }) === undefined) return false
        const isNew = insert.run(cid, bytes).changes > 0
        // One without uses is the owner's already, and stays.
        if ((isNew && user !== OWNER) || uses.some.get(cid) !== undefined) uses.insert.run(user, cid)
        return isNew
      }),
    /** What was for one is for another from now on. */
    move(from: BlockUser, to: BlockUser): void {
      uses.move.run({ from, to })
      uses.removeOf.run(from)
    },
    /** For whom blocks are that is no content: uploads, since one that is committed is a content. */
    strays: (): BlockUser[] => uses.strays.all().map((row) => String(row['root'])),
    /** Bytes that went. */
    remove: (cid: string): number => {
      uses.remove.run(cid)
      return sum(remove.all(cid))
    },
    /** Bytes that went. */
    release(user: BlockUser): number {
      const bytes = sum(removeUsedOnlyBy.all({ root: user }))
      uses.removeOf.run(user)
      return bytes
    },
    bytesFor: (root: string): number => sum(selectBytesFor.all(root)),
    totalBytes: (): number => sum(selectTotal.all()),
    entryPoints: (): string[] => selectEntryPoints.all().map((row) => String(row['cid'])),
  }
}

function prepareUses(database: DatabaseSync) {
  return {
    some: database.prepare('SELECT 1 FROM block_uses WHERE cid = ? LIMIT 1'),
    insert: database.prepare('INSERT OR IGNORE INTO block_uses (root, cid) VALUES (?, ?)'),
    move: database.prepare('UPDATE OR IGNORE block_uses SET root = :to WHERE root = :from'),
    remove: database.prepare('DELETE FROM block_uses WHERE cid = ?'),
    removeOf: database.prepare('DELETE FROM block_uses WHERE root = ?'),
    strays: database.prepare(
      `SELECT DISTINCT root FROM block_uses WHERE root <> '${OWNER}' AND root NOT IN (SELECT root FROM contents)`,
    ),
  }
}

function sum(rows: readonly Record<string, SQLOutputValue>[]): number {
  return rows.reduce((total, { bytes }) => total + Number(bytes ?? 0), 0)
}
