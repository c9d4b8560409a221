import type { EntityType, Field, Schema } from '../schema/index.ts'
import { entityTable } from '../storage/tables.ts'
import { validAt } from './block.ts'
import type { QueryBlock } from './block.ts'
import { compare } from './compare.ts'
import { queryErrors } from './errors.ts'
import { filterKeys } from './filter-ops.ts'
import type { FilterKey } from './filter-ops.ts'
import type { Limits } from './limits.ts'
import { all, any, column, raw, sql, table } from './sql.ts'
import type { Sql } from './sql.ts'

/** What a `where` needs to become SQL. */
export type WhereContext = { readonly schema: Schema; readonly limits: Limits; readonly block: QueryBlock }

type Filter = Readonly<Record<string, unknown>>

/** Where in a `where` one is: whose fields it names, in a child or not, how deep. */
type Place = { readonly entity: EntityType; readonly alias: string; readonly isChild: boolean; readonly depth: number }

const CHILD_ALIAS = 'child'
const OUTSIDE_COLUMNS = ['and', 'or', '_change_block']

/** SQL that holds of the rows of `alias` a `where` argument selects (graph-node, graphql/src/store/query.rs). */
export function whereCondition(context: WhereContext, entity: EntityType, alias: string, where: unknown): Sql {
  if (where === null || where === undefined) return raw('1')
  let filters = 0
  const countFilter = () => {
    filters += 1
    if (filters > context.limits.maxFilters) throw queryErrors.tooExpensive()
  }
  return objectCondition(context, { entity, alias, isChild: false, depth: 0 }, where, countFilter)
}

function objectCondition(context: WhereContext, place: Place, filter: unknown, count: () => void): Sql {
  if (!isFilter(filter)) throw queryErrors.filterIsNoObject()
  if (place.depth > context.limits.maxFilterDepth) throw queryErrors.tooExpensive()
  const names = Object.keys(filter)
  const columns = names.filter((name) => !OUTSIDE_COLUMNS.includes(name))
  if (filter['or'] !== undefined && columns.length > 0) throw queryErrors.mixedOr(columns)
  const keys = keysOf(place.entity)
  return all(names.map((name) => keyCondition(context, place, keys.get(name), [name, filter[name]], count)))
}

function keyCondition(
  context: WhereContext,
  place: Place,
  key: FilterKey | undefined,
  [name, value]: readonly [string, unknown],
  count: () => void,
): Sql {
  count()
  if (key?.kind === 'compare') return compare({ ...key, value }, place.alias, context.limits)
  if (key?.kind === 'child') return childCondition(context, place, key.field, value, count)
  if (name === '_change_block') return changedSince(place.alias, value)
  if (!Array.isArray(value)) throw queryErrors.filterIsNoObject()
  const inside = { ...place, depth: place.depth + 1 }
  const conditions = value.map((filter: unknown) => objectCondition(context, inside, filter, count))
  return name === 'or' ? any(conditions) : all(conditions)
}

/** Versions written at that block or later (graph-node, `ChangeBlockGte`). */
function changedSince(alias: string, value: unknown): Sql {
  const number = isFilter(value) ? value['number_gte'] : undefined
  if (typeof number !== 'number') throw queryErrors.filterIsNoObject()
  return sql`${raw(alias)}.block_from >= ${number}`
}

/**
 * Rows with a child that the filter selects. As in graph-node, children of children are not filtered by
 * (store/postgres/src/relational_queries.rs, `ColumnQual`). The children are found once, not for each row.
 */
function childCondition(context: WhereContext, place: Place, field: Field, value: unknown, count: () => void): Sql {
  const child = context.schema.entities.get(field.type)
  if (child === undefined || !isFilter(value)) throw queryErrors.valueType(String(value), field.type)
  if (place.isChild) throw queryErrors.childNesting(field.name)
  const inside = { entity: child, alias: CHILD_ALIAS, isChild: true, depth: place.depth + 1 }
  const holds = all([validAt(child, CHILD_ALIAS, context.block), objectCondition(context, inside, value, count)])
  const from = sql`${table(entityTable(child.name))} AS ${raw(CHILD_ALIAS)}`
  const back = field.derivedFrom === undefined ? undefined : child.field(field.derivedFrom)
  if (back !== undefined) return derivedCondition(place.alias, back, from, holds)
  const id = column(CHILD_ALIAS, 'id')
  const own = column(place.alias, field.name)
  if (!field.isList) return sql`${own} IN (SELECT ${id} FROM ${from} WHERE ${holds})`
  return sql`EXISTS (SELECT 1 FROM json_each(${own}) AS listed WHERE listed.value IN (SELECT ${asElement(id, field)} FROM ${from} WHERE ${holds}))`
}

function derivedCondition(alias: string, back: Field, from: Sql, holds: Sql): Sql {
  const id = column(alias, 'id')
  const reference = column(CHILD_ALIAS, back.name)
  if (!back.isList) return sql`${id} IN (SELECT ${reference} FROM ${from} WHERE ${holds})`
  return sql`${asElement(id, back)} IN (SELECT listed.value FROM ${from}, json_each(${reference}) AS listed WHERE ${holds})`
}

/** An id as a list of ids has it (`encodeElement`). */
export function asElement(id: Sql, field: Field): Sql {
  if (field.valueType === 'Bytes') return sql`'0x' || lower(hex(${id}))`
  return field.valueType === 'Int8' ? sql`CAST(${id} AS TEXT)` : id
}

const cachedKeys = new WeakMap<EntityType, Map<string, FilterKey>>()

function keysOf(entity: EntityType): Map<string, FilterKey> {
  const keys = cachedKeys.get(entity) ?? filterKeys(entity)
  cachedKeys.set(entity, keys)
  return keys
}

function isFilter(value: unknown): value is Filter {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
