import type { DatabaseSync } from 'node:sqlite'
import type { BlockPointer } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'
import type { EntityType, Field, Schema } from '../schema/index.ts'
import { createBlock } from './block.ts'
import type { Block } from './block.ts'
import { openEntityTable } from './entity-table.ts'
import type { EntityTable } from './entity-table.ts'
import { createIdFilters } from './id-filter.ts'
import type { IdFilter } from './id-filter.ts'
import { openDatabase } from './open-database.ts'
import { createPending } from './pending.ts'
import type { Pending } from './pending.ts'
import { inTransaction, openStoreTables } from './store-tables.ts'
import type { CreatedDataSource, StoreTables } from './store-tables.ts'
import { createQueryIndexes, createTables } from './tables.ts'
import type { Entity } from './values.ts'

/** The entities of a subgraph, as of every block that can still be asked for. One writer; readers open the file on their own. */
export type Store = {
  /** The last block that is in the database. */
  readonly head: () => BlockPointer | undefined
  /** The first block that can be asked for. */
  readonly earliestBlock: () => number
  /** Indexed blocks whose hash is kept, the newest first; of those in the database. */
  readonly recentBlocks: () => BlockPointer[]
  readonly dataSources: () => CreatedDataSource[]
  readonly meta: (key: string) => string | undefined
  readonly setMeta: (key: string, value: string) => void
  /** Starts a block; what is read, set and removed from now on belongs to it. */
  readonly begin: (block: number) => void
  /** The block that was begun: its entities. */
  readonly block: () => Block
  readonly addDataSource: (source: CreatedDataSource) => void
  /** Forgets the block that was begun. */
  readonly abort: () => void
  /** Ends the block. It is written with the next `flush`. Throws MAPPING_FAILED if it changes what is immutable. */
  readonly commit: (pointer: BlockPointer) => void
  /** How many rows wait for `flush`. */
  readonly pendingRows: () => number
  /**
   * Writes all ended blocks in one transaction, after which readers see them; `pointer` is a block without events. Where
   * that throws they are forgotten, and `head` is what it was.
   */
  readonly flush: (pointer?: BlockPointer) => void
  /** Takes back every block above `block`, as if they had never been. Throws REORG_TOO_DEEP below `earliestBlock`. */
  readonly rollbackTo: (block: number) => void
  /** Deletes up to `limit` versions that ended `keepBlocks` or more before the head; true if there may be more. */
  readonly prune: (keepBlocks: number, limit: number) => boolean
  /** Versions that end at or before this block need not be written: they would be pruned at once. */
  readonly forgetUntil: (block: number) => void
  /** Makes the indexes that only queries need, if they are not there. */
  readonly ensureIndexes: () => void
  readonly close: () => void
}

const DEFAULT_CACHED = 8_000

/** graph-node: graph/src/components/store/entity_cache.rs for one block, write.rs for batches of them. */
export function openStore(path: string, schema: Schema, deploymentId: string, cached = DEFAULT_CACHED): Store {
  const database = openDatabase(path, deploymentId, createTables(schema))
  const own = openStoreTables(database)
  const { tables, tableOf } = openTables(database, schema)
  const pending = createPending(database, own, tableOf, cached)
  const history = createHistory(database, own, tables)
  const ensureIndexes = createIndexer(database, own, schema)
  const startBlock = (number: number): Block => createBlock(number, pending, related)
  let [block, created] = [startBlock(0), [] as CreatedDataSource[]]
  let head = own.blocks()[0]

  function related(type: EntityType, field: Field, id: string): Readonly<Entity>[] {
    ensureIndexes()
    flush()
    const versions = tableOf(type).related(field, id)
    return versions.map(({ entity }) => entity)
  }
  function begin(number: number): void {
    ;[block, created] = [startBlock(number), []]
  }
  function flush(pointer?: BlockPointer): void {
    head = flushOrDrop(pending, pointer) ?? head
  }
  function commit(pointer: BlockPointer): void {
    block.end()
    pending.end(pointer, created)
    begin(0)
  }
  function rollbackTo(to: number): void {
    // It would read all of every table.
    ensureIndexes()
    history.rollbackTo(to)
    begin(0)
    pending.drop()
    head = own.blocks()[0]
  }
  const { blocks: recentBlocks, dataSources, meta, setMeta } = own
  return {
    head: () => head,
    earliestBlock: own.earliest,
    forgetUntil: pending.forgetUntil,
    ...{ recentBlocks, dataSources, meta, setMeta, begin, commit, flush, rollbackTo, ensureIndexes },
    block: () => block,
    addDataSource: (source) => void created.push(source),
    abort: () => begin(0),
    pendingRows: pending.size,
    prune: (keepBlocks, limit) => history.prune((head?.number ?? 0) - keepBlocks, limit),
    close: () => database.close(),
  }
}

function flushOrDrop(pending: Pending, pointer: BlockPointer | undefined): BlockPointer | undefined {
  try {
    return pending.flush(pointer)
  } catch (error) {
    // They come from the chain again: kept, they would be indexed on top of themselves.
    pending.drop()
    throw error
  }
}

function openTables(database: DatabaseSync, schema: Schema) {
  const searched = new Set(schema.fulltext.map(({ entity }) => entity))
  const filters = createIdFilters(schema.entities.size)
  const tables = new Map(
    [...schema.entities.values()].map((type, index) => {
      const ids = filters[index] as IdFilter
      return [type.name, openEntityTable(database, { type, isSearched: searched.has(type.name), ids })]
    }),
  )
  const tableOf = (type: EntityType): EntityTable => {
    const table = tables.get(type.name)
    if (table === undefined) throw new TypeError(`There is no table for ${type.name}.`)
    return table
  }
  return { tables: [...tables.values()], tableOf }
}

/** What ends a version's life: a rollback, or old age. */
function createHistory(database: DatabaseSync, own: StoreTables, tables: readonly EntityTable[]) {
  let pruned = 0
  return {
    rollbackTo: (to: number): void => {
      const earliest = own.earliest()
      if (to < earliest && earliest > 0)
        throw new RunnerError('REORG_TOO_DEEP', `Blocks before ${earliest} cannot be taken back.`)
      inTransaction(database, () => {
        for (const table of tables) table.rollback(to)
        own.rollback(to)
      })
    },
    prune: (until: number, limit: number): boolean => {
      if (until <= pruned) return false
      let left = limit
      inTransaction(database, () => {
        // Said with the first version that goes, so that nobody asks for what is half gone.
        own.setEarliest(Math.max(until, own.earliest()))
        for (const table of tables) if (left > 0) left -= table.prune(until, left)
      })
      if (left > 0) pruned = until
      return left <= 0
    },
  }
}

function createIndexer(database: DatabaseSync, own: StoreTables, schema: Schema): () => void {
  let isIndexed = own.meta('indexed') !== undefined
  return () => {
    if (isIndexed) return
    inTransaction(database, () => {
      for (const statement of createQueryIndexes(schema)) database.exec(statement)
      own.setMeta('indexed', 'yes')
    })
    isIndexed = true
  }
}
