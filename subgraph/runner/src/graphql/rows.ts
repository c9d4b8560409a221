import type { Field, IdType } from '../schema/index.ts'
import { decodeBigInt, toHex } from '../storage/values.ts'
import type { ColumnValue } from '../storage/values.ts'
import type { EntityPlan } from './plan.ts'
import { column, join, raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

/** A row as SQLite gives it, by field name; 64-bit integers as text. */
export type Row = Readonly<Record<string, ColumnValue>>

/** The columns a plan needs of its entity: what is answered, the id, and what leads to children. */
export function selectColumns(plan: EntityPlan, alias: string): Sql {
  const fields = new Map<string, Field>()
  const add = (field: Field | undefined) => {
    if (field !== undefined && field.derivedFrom === undefined) fields.set(field.name, field)
  }
  add(plan.entity.field('id'))
  for (const { field } of plan.leaves) add(field)
  for (const { plan: child } of plan.children) add(child.link)
  return join(
    [...fields.values()].map((field) => sql`${columnExpression(field, alias)} AS ${raw(`"${field.name}"`)}`),
    ', ',
  )
}

/** JavaScript's numbers do not hold 64 bits, and GraphQL answers them as strings anyway. */
function columnExpression(field: Field, alias: string): Sql {
  const is64Bit = field.valueType === 'Int8' || field.valueType === 'Timestamp'
  return is64Bit && !field.isList ? sql`CAST(${column(alias, field.name)} AS TEXT)` : column(alias, field.name)
}

/**
 * A column as GraphQL answers it (graph-node, graph/src/data/store/mod.rs): bytes as 0x hex, BigInt, Int8 and Timestamp
 * as decimal strings. Lists are kept in that form already.
 */
export function outputValue(field: Field, value: ColumnValue | undefined): unknown {
  if (value === null || value === undefined) return null
  if (field.isList) return JSON.parse(String(value))
  switch (field.valueType) {
    case 'BigInt':
      return value instanceof Uint8Array ? decodeBigInt(value).toString() : null
    case 'Bytes':
      return value instanceof Uint8Array ? toHex(value) : null
    case 'Boolean':
      return Number(value) !== 0
    case 'String':
    case 'Int':
    case 'Int8':
    case 'Timestamp':
      return value
  }
}

/** An id as a key of a map. */
export function idKey(id: ColumnValue | undefined): string {
  return id instanceof Uint8Array ? toHex(id) : String(id)
}

/** An id of a row as JSON that `idExpression` reads back. */
export function idJson(type: IdType, id: ColumnValue | undefined): string {
  if (id instanceof Uint8Array) return JSON.stringify(toHex(id).slice(2))
  return type === 'Int8' ? String(id) : JSON.stringify(id ?? null)
}

export function idExpression(type: IdType, expression: string): Sql {
  return raw(type === 'Bytes' ? `unhex(${expression})` : expression)
}
