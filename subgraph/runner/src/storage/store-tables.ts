import type { DatabaseSync } from 'node:sqlite'
import type { BlockPointer } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'

/** A data source that a mapping has created from a template. */
export type CreatedDataSource = {
  readonly template: string
  /** Lower-case hex. */
  readonly address: string
  /** What the mapping gave it, as JSON; undefined for none. */
  readonly context: string | undefined
  /** The block of its creation, from which on it sees events. */
  readonly block: number
}

/** The store's own tables, beside those of the entities. Nobody writes them but the store. */
export const OWN_TABLES = [
  'CREATE TABLE IF NOT EXISTS runner_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
  // The blocks that were indexed of late: those with events, and those that a batch ended with.
  'CREATE TABLE IF NOT EXISTS runner_blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, timestamp INTEGER NOT NULL) STRICT',
  'CREATE TABLE IF NOT EXISTS runner_data_sources (seq INTEGER PRIMARY KEY, block INTEGER NOT NULL, template TEXT NOT NULL, address TEXT NOT NULL, context TEXT) STRICT',
]

/** Blocks whose hash is kept, to find where a fork left the chain. */
const MAX_KEPT_BLOCKS = 1024

export type StoreTables = {
  readonly meta: (key: string) => string | undefined
  readonly setMeta: (key: string, value: string) => void
  /** The first block whose entities are all there. */
  readonly earliest: () => number
  readonly setEarliest: (block: number) => void
  /** The last blocks, the newest first. */
  readonly blocks: () => BlockPointer[]
  readonly addBlocks: (blocks: readonly BlockPointer[]) => void
  /** In the order of their creation. */
  readonly dataSources: () => CreatedDataSource[]
  readonly addDataSource: (source: CreatedDataSource) => void
  readonly rollback: (block: number) => void
}

export function openStoreTables(database: DatabaseSync): StoreTables {
  const readMeta = database.prepare('SELECT value FROM runner_meta WHERE key = ?')
  const writeMeta = database.prepare(
    'INSERT INTO runner_meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  const readBlocks = database.prepare('SELECT number, hash, timestamp FROM runner_blocks ORDER BY number DESC')
  const writeBlock = database.prepare('INSERT INTO runner_blocks VALUES (?, ?, ?)')
  const forgetBlocks = database.prepare(
    'DELETE FROM runner_blocks WHERE number <= (SELECT number FROM runner_blocks ORDER BY number DESC LIMIT 1 OFFSET ?)',
  )
  const readSources = database.prepare('SELECT template, address, context, block FROM runner_data_sources ORDER BY seq')
  const writeSource = database.prepare(
    'INSERT INTO runner_data_sources (block, template, address, context) VALUES (?, ?, ?, ?)',
  )
  const dropBlocks = database.prepare('DELETE FROM runner_blocks WHERE number > ?')
  const dropSources = database.prepare('DELETE FROM runner_data_sources WHERE block > ?')
  const meta = (key: string) => readMeta.get(key)?.['value'] as string | undefined
  return {
    meta,
    setMeta: (key, value) => void writeMeta.run(key, value),
    earliest: () => Number(meta('earliest') ?? 0),
    setEarliest: (block) => void writeMeta.run('earliest', String(block)),
    blocks: () => readBlocks.all() as BlockPointer[],
    addBlocks: (blocks) => {
      for (const { number, hash, timestamp } of blocks.slice(-MAX_KEPT_BLOCKS)) writeBlock.run(number, hash, timestamp)
      forgetBlocks.run(MAX_KEPT_BLOCKS)
    },
    dataSources: () =>
      readSources.all().map((row) => {
        const { context, ...rest } = row as unknown as Omit<CreatedDataSource, 'context'> & { context: string | null }
        return { ...rest, context: context ?? undefined }
      }),
    addDataSource: ({ block, template, address, context }) =>
      void writeSource.run(block, template, address, context ?? null),
    rollback: (block) => {
      dropBlocks.run(block)
      dropSources.run(block)
    },
  }
}

/** Runs `work` in one transaction; if it throws, nothing of it happened. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/**
 * Whether the database is this deployment's, another's, or new. Throws STORE_FOREIGN for one that no runner has made.
 */
export function ownerOf(database: DatabaseSync, deploymentId: string): 'this' | 'another' | 'nobody' {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  if (tables.length === 0) return 'nobody'
  if (!tables.some(({ name }) => name === 'runner_meta')) {
    throw new RunnerError('STORE_FOREIGN', 'The database belongs to something else; give the runner a file of its own.')
  }
  const known = database.prepare("SELECT value FROM runner_meta WHERE key = 'deployment'").get()?.['value']
  return known === deploymentId ? 'this' : 'another'
}
