import type { EntityType, Field, Schema } from '../schema/index.ts'
import { entityTable } from '../storage/tables.ts'
import { validAt } from './block.ts'
import type { QueryBlock } from './block.ts'
import { queryErrors } from './errors.ts'
import { column, join, raw, sql, table } from './sql.ts'
import type { Sql } from './sql.ts'
import { asElement } from './where.ts'

/** How a collection is sorted: what is joined to its rows for it, and the terms of ORDER BY. */
export type Order = { readonly joins: Sql; readonly terms: Sql }

const SORTED_ALIAS = 'sorted'
const NOTHING: Sql = raw('')

/**
 * graph-node's order (store/postgres/src/relational_queries.rs, `SortKey`): by id when none is asked for; ties by id, in
 * the direction of the rest; nulls as Postgres has them, last when ascending, first when descending.
 */
export function orderOf(
  schema: Schema,
  entity: EntityType,
  alias: string,
  args: Readonly<Record<string, unknown>>,
  block: QueryBlock,
): Order {
  const key = args['orderBy']
  const descending = args['orderDirection'] === 'desc'
  const id = term(column(alias, 'id'), false, descending)
  // graph-node looks at the direction only with an attribute; without one the order is its default (`build_order`).
  if (typeof key !== 'string') return { joins: NOTHING, terms: term(column(alias, 'id'), false, false) }
  if (key === 'id') return { joins: NOTHING, terms: id }
  const field = entity.field(key)
  if (field !== undefined) {
    if (field.isList || field.derivedFrom !== undefined) throw queryErrors.orderBy(entity.name, key)
    const first = term(column(alias, field.name), !field.isRequired, descending)
    return { joins: NOTHING, terms: join([first, id], ', ') }
  }
  return orderByChild(schema, entity, alias, key, { descending, block, id })
}

function orderByChild(
  schema: Schema,
  entity: EntityType,
  alias: string,
  key: string,
  { descending, block, id }: { readonly descending: boolean; readonly block: QueryBlock; readonly id: Sql },
): Order {
  // Field names may have `__` themselves, so the key is looked up, not taken apart.
  const field = entity.fields.find((candidate) => key.startsWith(`${candidate.name}__`) && !candidate.isList)
  const child = field === undefined ? undefined : schema.entities.get(field.type)
  const childField = child?.field(key.slice((field?.name.length ?? 0) + 2))
  if (field === undefined || child === undefined || childField === undefined)
    throw queryErrors.orderBy(entity.name, key)
  const on = sql`${linkCondition(alias, field, child)} AND ${validAt(child, SORTED_ALIAS, block)}`
  const first = term(column(SORTED_ALIAS, childField.name), true, descending)
  return {
    joins: sql` LEFT JOIN ${table(entityTable(child.name))} AS ${raw(SORTED_ALIAS)} ON ${on}`,
    terms: join([first, id], ', '),
  }
}

function linkCondition(alias: string, field: Field, child: EntityType): Sql {
  const back = field.derivedFrom === undefined ? undefined : child.field(field.derivedFrom)
  if (back === undefined) return sql`${column(SORTED_ALIAS, 'id')} = ${column(alias, field.name)}`
  const reference = column(SORTED_ALIAS, back.name)
  if (!back.isList) return sql`${reference} = ${column(alias, 'id')}`
  return sql`EXISTS (SELECT 1 FROM json_each(${reference}) AS listed WHERE listed.value = ${asElement(column(alias, 'id'), back)})`
}

function term(expression: Sql, mayBeNull: boolean, descending: boolean): Sql {
  const direction = descending ? ' DESC' : ''
  const nulls = !mayBeNull ? '' : descending ? ' NULLS FIRST' : ' NULLS LAST'
  return sql`${expression}${raw(direction)}${raw(nulls)}`
}
