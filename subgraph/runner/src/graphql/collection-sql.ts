import type { EntityType, Field, Schema } from '../schema/index.ts'
import { entityTable } from '../storage/tables.ts'
import type { ColumnValue } from '../storage/values.ts'
import { validAt } from './block.ts'
import { queryErrors } from './errors.ts'
import type { Limits } from './limits.ts'
import { orderOf } from './order.ts'
import type { EntityPlan } from './plan.ts'
import { toColumnValue, valueList } from './query-values.ts'
import { idExpression, idJson, selectColumns } from './rows.ts'
import { all, column, raw, sql, table } from './sql.ts'
import type { Sql } from './sql.ts'
import { whereCondition } from './where.ts'

export type SqlContext = { readonly schema: Schema; readonly limits: Limits }

/** The entity's alias in every statement. */
export const SELF = 'self'
const INNER = 'inner'

/** The column that tells whose child a row is: the parent's place in the list, or its id where a list of ids led here. */
export const PARENT = 'parent$'

/** One entity by its id. */
export function selectOne(plan: EntityPlan, id: unknown): Sql {
  const field = idField(plan.entity)
  const conditions = all([
    sql`${column(SELF, 'id')} = ${toColumnValue(field, id)}`,
    validAt(plan.entity, SELF, plan.block),
  ])
  return sql`SELECT ${selectColumns(plan, SELF)} FROM ${from(plan.entity, SELF)} WHERE ${conditions} LIMIT 1`
}

/** A collection at the top of a query. */
export function selectMany(context: SqlContext, plan: EntityPlan): Sql {
  const order = orderOf(context.schema, plan.entity, SELF, plan.args, plan.block)
  return sql`SELECT ${selectColumns(plan, SELF)} FROM ${from(plan.entity, SELF)}${order.joins} WHERE ${conditionsOf(context, plan, SELF)} ORDER BY ${order.terms} ${range(plan)}`
}

/** Entities by a list of ids, each once: what references lead to. */
export function selectByIds(plan: EntityPlan, ids: readonly ColumnValue[]): Sql {
  const { entity, block } = plan
  const json = `[${ids.map((id) => idJson(entity.idType, id)).join(',')}]`
  const list = sql`(SELECT ${idExpression(entity.idType, 'value')} FROM json_each(${json}))`
  return sql`SELECT ${selectColumns(plan, SELF)} FROM ${from(entity, SELF)} WHERE ${all([sql`${column(SELF, 'id')} IN ${list}`, validAt(entity, SELF, block)])}`
}

/**
 * The children that refer back by a field that is no list, at most `limit` for each parent, in one statement: for each
 * parent the inner SELECT runs over an index. `PARENT` is the parent's place in `parents`.
 */
export function selectReferring(
  context: SqlContext,
  plan: EntityPlan,
  back: Field,
  parents: { readonly entity: EntityType; readonly ids: readonly ColumnValue[] },
  limit: Sql,
): Sql {
  const idType = parents.entity.idType
  const json = `[${parents.ids.map((id) => idJson(idType, id)).join(',')}]`
  const parent = sql`(SELECT key AS place, ${idExpression(idType, 'value')} AS id FROM json_each(${json})) AS parent`
  const innerOrder = orderOf(context.schema, plan.entity, INNER, plan.args, plan.block)
  const conditions = all([sql`${column(INNER, back.name)} = parent.id`, conditionsOf(context, plan, INNER)])
  const inner = sql`SELECT ${raw(INNER)}.vid FROM ${from(plan.entity, INNER)}${innerOrder.joins} WHERE ${conditions} ORDER BY ${innerOrder.terms} ${limit}`
  const order = orderOf(context.schema, plan.entity, SELF, plan.args, plan.block)
  return sql`SELECT parent.place AS ${table(PARENT)}, ${selectColumns(plan, SELF)} FROM ${parent} CROSS JOIN ${from(plan.entity, SELF)}${order.joins} WHERE ${raw(SELF)}.vid IN (${inner}) ORDER BY parent.place, ${order.terms}`
}

/**
 * The children that refer back by a list, in one pass over them. `PARENT` is the parent's id as lists have it.
 */
export function selectReferringByList(
  context: SqlContext,
  plan: EntityPlan,
  back: Field,
  parentElements: readonly string[],
  window: Window,
): Sql {
  const wanted = valueList('String', parentElements)
  const list = column(SELF, back.name)
  const links = sql`${from(plan.entity, SELF)}, json_each(${list}) AS listed`
  const isFirst = sql`NOT EXISTS (SELECT 1 FROM json_each(${list}) AS earlier WHERE earlier.value = listed.value AND earlier.key < listed.key)`
  const condition = all([sql`listed.value IN ${wanted}`, isFirst, conditionsOf(context, plan, SELF)])
  return windowed(context, plan, { parent: raw('listed.value'), links, condition, window })
}

/** The children that a list of the parent names, each once. `PARENT` is the parent's place in `lists`. */
export function selectListed(
  context: SqlContext,
  plan: EntityPlan,
  lists: readonly (readonly string[])[],
  window: Window,
): Sql {
  const { entity } = plan
  const asJson = (element: string) =>
    idJson(entity.idType, entity.idType === 'Bytes' ? Buffer.from(element.slice(2), 'hex') : element)
  const pairs = lists.flatMap((list, place) => [...new Set(list)].map((element) => `[${place},${asJson(element)}]`))
  const id = idExpression(entity.idType, "(value ->> '$[1]')")
  const links = sql`(SELECT value ->> '$[0]' AS place, ${id} AS id FROM json_each(${`[${pairs.join(',')}]`})) AS parent CROSS JOIN ${from(entity, SELF)}`
  const condition = all([sql`${column(SELF, 'id')} = parent.id`, conditionsOf(context, plan, SELF)])
  return windowed(context, plan, { parent: raw('parent.place'), links, condition, window })
}

export type Window = { readonly first: number; readonly skip: number }

function windowed(
  context: SqlContext,
  plan: EntityPlan,
  { parent, links, condition, window }: { parent: Sql; links: Sql; condition: Sql; window: Window },
): Sql {
  const order = orderOf(context.schema, plan.entity, SELF, plan.args, plan.block)
  const rank = sql`row_number() OVER (PARTITION BY ${parent} ORDER BY ${order.terms})`
  const rows = sql`SELECT ${parent} AS ${table(PARENT)}, ${rank} AS place$, ${selectColumns(plan, SELF)} FROM ${links}${order.joins} WHERE ${condition}`
  return sql`SELECT * FROM (${rows}) WHERE place$ > ${window.skip} AND place$ <= ${window.skip + window.first} ORDER BY ${table(PARENT)}, place$`
}

export function conditionsOf(context: SqlContext, plan: EntityPlan, alias: string): Sql {
  const where = whereCondition({ ...context, block: plan.block }, plan.entity, alias, plan.args['where'])
  return all([validAt(plan.entity, alias, plan.block), where])
}

export function range({ first, skip }: Window): Sql {
  return sql`LIMIT ${first} OFFSET ${skip}`
}

export function from(entity: EntityType, alias: string): Sql {
  return sql`${table(entityTable(entity.name))} AS ${raw(alias)}`
}

function idField(entity: EntityType): Field {
  const field = entity.field('id')
  if (field === undefined) throw queryErrors.orderBy(entity.name, 'id')
  return field
}
