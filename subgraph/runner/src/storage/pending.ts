import type { DatabaseSync } from 'node:sqlite'
import type { BlockPointer } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'
import type { EntityType } from '../schema/index.ts'
import { apply, isSame } from './block-changes.ts'
import type { Change } from './block-changes.ts'
import { createEntityCache } from './entity-cache.ts'
import type { EntityTable } from './entity-table.ts'
import { inTransaction } from './store-tables.ts'
import type { CreatedDataSource, StoreTables } from './store-tables.ts'
import type { Entity } from './values.ts'

/** A version that will be a row. */
type Row = {
  readonly type: EntityType
  readonly vid: number
  readonly from: number
  to: number | undefined
  readonly entity: Readonly<Entity>
  readonly known: KnownVersion
}

/** What is known of an entity: its current version, and the row of it if that is not written yet. */
type KnownVersion = { readonly vid: number; readonly entity: Readonly<Entity>; row: Row | undefined }
type Known = KnownVersion | 'absent'

/** The blocks that have ended, but are not in the database yet, on top of what is. */
export type Pending = {
  /** The entity after the last block that has ended. */
  readonly get: (type: EntityType, id: string) => Readonly<Entity> | undefined
  /** Throws MAPPING_FAILED for a change of what is immutable. */
  readonly check: (type: EntityType, id: string, change: Change, block: number) => void
  /** Does what a block does to one entity. */
  readonly change: (type: EntityType, id: string, change: Change, block: number) => void
  /** From now on versions that end at or before this block are not kept. */
  readonly forgetUntil: (block: number) => void
  /** The block is over. */
  readonly end: (pointer: BlockPointer, sources: readonly CreatedDataSource[]) => void
  readonly size: () => number
  /** Writes it all in one transaction; gives the last block, if there is any. */
  readonly flush: (pointer: BlockPointer | undefined) => BlockPointer | undefined
  /** Forgets it, and what is known of the database too. */
  readonly drop: () => void
}

/** vid = block * this + sequence, as graph-node's are (entity_cache.rs, `SeqGenerator`), in the 53 bits of a number. */
const ROWS_PER_BLOCK = 2 ** 21

type TableOf = (type: EntityType) => EntityTable

type Batch = {
  /** In the order of their `vid`. */
  readonly rows: Set<Row>
  readonly ends: { readonly table: EntityTable; readonly vid: number; readonly to: number; isForgotten: boolean }[]
  readonly blocks: BlockPointer[]
  readonly sources: CreatedDataSource[]
  /** The last block of which a version was not kept: what was before it cannot be asked for. */
  forgotten: number
}

const newBatch = (): Batch => ({ rows: new Set(), ends: [], blocks: [], sources: [], forgotten: 0 })

/** `cached` entities, and up to twice as many, are kept in memory. */
export function createPending(database: DatabaseSync, own: StoreTables, tableOf: TableOf, cached: number): Pending {
  const { cache, before, check, get, settle } = createKnowledge(tableOf, cached)
  let batch = newBatch()
  let [sequence, horizon] = [0, -1]
  function open(type: EntityType, id: string, block: number, entity: Readonly<Entity>): void {
    sequence += 1
    if (sequence >= ROWS_PER_BLOCK) throw new RangeError(`Block ${block} changes ${sequence} entities.`)
    const vid = block * ROWS_PER_BLOCK + sequence
    const known: KnownVersion = { vid, entity, row: undefined }
    known.row = { type, vid, from: block, to: undefined, entity, known }
    batch.rows.add(known.row)
    cache.set(type, id, known)
  }
  function flush(pointer: BlockPointer | undefined): BlockPointer | undefined {
    const last = pointer ?? batch.blocks.at(-1)
    if (last === undefined) return undefined
    if (last.number !== batch.blocks.at(-1)?.number) batch.blocks.push(last)
    writeBatch(database, own, tableOf, batch)
    settle(batch.rows)
    batch = newBatch()
    return last
  }
  return {
    get,
    check,
    change: (type, id, change, block) => {
      const current = before(type, id, change)
      const entity = apply(change, current?.entity)
      if (isSame(current?.entity, entity)) return
      if (current !== undefined) endVersion(batch, tableOf(type), current, { block, isForgotten: block <= horizon })
      if (entity === undefined) cache.set(type, id, 'absent')
      else open(type, id, block, entity)
    },
    forgetUntil: (block) => {
      horizon = block
    },
    end: (pointer, created) => {
      batch.blocks.push(pointer)
      batch.sources.push(...created)
      sequence = 0
    },
    size: () => batch.rows.size,
    flush,
    drop: () => {
      batch = newBatch()
      sequence = 0
      cache.clear()
    },
  }
}

type End = { readonly block: number; readonly isForgotten: boolean }

function endVersion(batch: Batch, table: EntityTable, { vid, row }: KnownVersion, { block, isForgotten }: End): void {
  if (isForgotten) batch.forgotten = block
  if (row === undefined) batch.ends.push({ table, vid, to: block, isForgotten })
  else if (isForgotten) batch.rows.delete(row)
  else row.to = block
}

function writeBatch(database: DatabaseSync, own: StoreTables, tableOf: TableOf, batch: Batch): void {
  try {
    inTransaction(database, () => {
      // Said with the first version that goes, so that nobody asks for what is half gone.
      if (batch.forgotten > own.earliest()) own.setEarliest(batch.forgotten)
      for (const { table, vid, to, isForgotten } of batch.ends) {
        if (isForgotten) table.forget(vid, to)
        else table.close(vid, to)
      }
      for (const { type, vid, from, to, entity } of batch.rows) tableOf(type).insert(vid, from, to, entity)
      own.addBlocks(batch.blocks)
      batch.sources.forEach(own.addDataSource)
    })
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const [, table] = /UNIQUE constraint failed: entity_(\w+)\.id/.exec(message) ?? []
    if (table === undefined) throw error
    throw immutable(`an entity of the immutable type ${table} was set a second time`, { cause: error })
  }
}

/** What is known of the entities: those read and written of late. */
function createKnowledge(tableOf: TableOf, cached: number) {
  const cache = createEntityCache<Known>(cached)
  function known(type: EntityType, id: string): Known {
    let found = cache.get(type, id)
    if (found === undefined) {
      const version = tableOf(type).current(id)
      found = version === undefined ? 'absent' : { ...version, row: undefined }
      cache.set(type, id, found)
    }
    return found
  }
  /** The version before a change; that of an immutable entity is only looked up where it may well be there. */
  function before(type: EntityType, id: string, change: Change): KnownVersion | undefined {
    const isNew = type.immutable && change.kind !== 'remove'
    const found = isNew ? cache.get(type, id) : known(type, id)
    return found === 'absent' ? undefined : found
  }
  function check(type: EntityType, id: string, change: Change, block: number): void {
    const current = type.immutable ? before(type, id, change) : undefined
    if (current === undefined || isSame(current.entity, apply(change, current.entity))) return
    throw immutable(`entity ${type.name}[${id}] is immutable; changing it at block ${block} is not possible`)
  }
  return {
    cache,
    get: (type: EntityType, id: string): Readonly<Entity> | undefined => {
      const found = known(type, id)
      return found === 'absent' ? undefined : found.entity
    },
    /** These rows are in the database now. */
    settle: (rows: Iterable<Row>): void => {
      for (const { known } of rows) known.row = undefined
      cache.settle()
    },
    before,
    check,
  }
}

function immutable(message: string, options?: ErrorOptions): RunnerError {
  return new RunnerError('MAPPING_FAILED', message, options)
}
