import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EntityType, Field } from '../schema/index.ts'
import type { IdFilter } from './id-filter.ts'
import { idOf } from './ids.ts'
import { entityTable, quote, storedFields } from './tables.ts'
import { decodeValue, encodeValue } from './values.ts'
import type { ColumnValue, Entity } from './values.ts'

/** A version of an entity as its row has it. */
export type Version = { readonly vid: number; readonly entity: Readonly<Entity> }

/** One entity's table: what the writer asks of it. Ids come as the mapping writes them; bytes as hex. */
export type EntityTable = {
  readonly current: (id: string) => Version | undefined
  /** Current versions whose `field` is, or has in its list, the id. */
  readonly related: (field: Field, id: string) => Version[]
  /** `to` is the first block in which it is not valid any more. */
  readonly insert: (vid: number, from: number, to: number | undefined, entity: Readonly<Entity>) => void
  readonly close: (vid: number, to: number) => void
  /** As `close`, of a version that need not be kept. */
  readonly forget: (vid: number, to: number) => void
  /** Makes the table what it was when `block` was the last. */
  readonly rollback: (block: number) => void
  /** Deletes up to `limit` versions that ended at or before `block`; tells how many. */
  readonly prune: (block: number, limit: number) => number
}

export declare namespace openEntityTable {
  type Options = {
    readonly type: EntityType
    /** Whether a full-text search follows it. */
    readonly isSearched: boolean
    /** To remember the ids that are written in, for a table that has none yet. */
    readonly ids: IdFilter
  }
}

/** Throws what SQLite throws. */
export function openEntityTable(
  database: DatabaseSync,
  { type, isSearched, ids }: openEntityTable.Options,
): EntityTable {
  const table = quote(entityTable(type.name))
  const fields = storedFields(type)
  const columns = fields.map(({ name }) => quote(name))
  // Of a table that was written before it is not known what is in it.
  const isKnown = database.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() === undefined
  const isOpen = type.immutable ? 'TRUE' : 'block_to IS NULL'
  const selection = `SELECT vid, ${columns.join(', ')} FROM ${table} WHERE ${isOpen} AND `
  const select = prepare(database, `${selection}id = ?`)
  const own = type.immutable ? ['vid', 'block_from'] : ['vid', 'block_from', 'block_to']
  const insert = database.prepare(
    `INSERT INTO ${table} (${[...own, ...columns].join(', ')}) VALUES (${[...own, ...columns].fill('?').join(', ')})`,
  )
  const closing = type.immutable ? undefined : database.prepare(`UPDATE ${table} SET block_to = ? WHERE vid = ?`)
  const close = (vid: number, to: number) => void closing?.run(to, vid)
  const drop = database.prepare(`DELETE FROM ${table} WHERE vid = ?`)
  const related = new Map<string, StatementSync>()
  const toVersion = (row: Row): Version => ({ vid: Number(row['vid']), entity: readRow(fields, row) })
  return {
    current: (id) => {
      if (isKnown && !ids.mayHave(id)) return undefined
      const row = select.get(toColumn(type, id)) as Row | undefined
      return row === undefined ? undefined : toVersion(row)
    },
    related: (field, id) => {
      const column = quote(field.name)
      const isIn = field.isList ? `EXISTS (SELECT 1 FROM json_each(${column}) WHERE value = ?)` : `${column} = ?`
      const statement = related.get(field.name) ?? prepare(database, `${selection}${isIn}`)
      related.set(field.name, statement)
      const key = field.idType === 'Bytes' && !field.isList ? Buffer.from(id.slice(2), 'hex') : id
      return (statement.all(key) as Row[]).map(toVersion)
    },
    insert: (vid, from, to, entity) => {
      const values = fields.map((field) => encodeValue(field, entity[field.name]))
      if (isKnown) ids.add(idOf(entity))
      if (type.immutable) insert.run(vid, from, ...values)
      else insert.run(vid, from, to ?? null, ...values)
    },
    close,
    // A text would leave the search with its only version, to come back with the next one: that is for `prune`.
    forget: isSearched ? close : (vid) => void drop.run(vid),
    ...openHistory(database, type, table),
  }
}

function openHistory(database: DatabaseSync, type: EntityType, table: string) {
  const drop = database.prepare(`DELETE FROM ${table} WHERE block_from > ?`)
  if (type.immutable) return { rollback: (block: number) => void drop.run(block), prune: () => 0 }
  const reopen = database.prepare(`UPDATE ${table} SET block_to = NULL WHERE block_to > ?`)
  const prune = database.prepare(
    `DELETE FROM ${table} WHERE vid IN (SELECT vid FROM ${table} WHERE block_to <= ? LIMIT ?)`,
  )
  return {
    rollback: (block: number) => {
      drop.run(block)
      reopen.run(block)
    },
    prune: (block: number, limit: number) => Number(prune.run(block, limit).changes),
  }
}

type Row = Readonly<Record<string, ColumnValue>>

/** 64-bit integers do not fit into numbers. */
function prepare(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql)
  statement.setReadBigInts(true)
  return statement
}

function readRow(fields: readonly Field[], row: Row): Entity {
  const entity: Entity = {}
  for (const field of fields) {
    const value = decodeValue(field, row[field.name] ?? null)
    if (value !== null) entity[field.name] = value
  }
  return entity
}

function toColumn(type: EntityType, id: string): ColumnValue {
  if (type.idType === 'Bytes') return Buffer.from(id.slice(2), 'hex')
  return type.idType === 'Int8' ? BigInt(id) : id
}
