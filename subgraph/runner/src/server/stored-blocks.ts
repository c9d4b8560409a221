import type { DatabaseSync } from 'node:sqlite'
import type { BlockSource, IndexedBlock } from '../graphql/index.ts'

/**
 * The blocks the store has kept, for queries: `runner_blocks` has those of late with hash and time, `runner_meta` the
 * first block whose entities are all there. A parent's hash is known when its block had a reason to be kept, too.
 */
export function createStoredBlocks(database: DatabaseSync): BlockSource {
  const columns = `block.number, block.hash, block.timestamp, parent.hash AS parentHash
    FROM runner_blocks AS block LEFT JOIN runner_blocks AS parent ON parent.number = block.number - 1`
  const head = database.prepare(`SELECT ${columns} ORDER BY block.number DESC LIMIT 1`)
  const byHash = database.prepare(`SELECT ${columns} WHERE block.hash = ?`)
  const earliest = database.prepare(`SELECT value FROM runner_meta WHERE key = 'earliest'`)
  return {
    head: () => toBlock(head.get()),
    byHash: (hash) => toBlock(byHash.get(hash)),
    earliest: () => Number(earliest.get()?.['value'] ?? 0),
  }
}

function toBlock(row: ReturnType<ReturnType<DatabaseSync['prepare']>['get']>): IndexedBlock | undefined {
  if (row === undefined) return undefined
  const { number, hash, timestamp, parentHash } = row
  return {
    number: Number(number),
    hash: String(hash),
    timestamp: Number(timestamp),
    ...(typeof parentHash === 'string' ? { parentHash } : {}),
  }
}
