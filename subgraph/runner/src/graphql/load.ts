import type { Field } from '../schema/index.ts'
import type { ColumnValue } from '../storage/values.ts'
import {
  PARENT,
  range,
  selectByIds,
  selectListed,
  selectMany,
  selectOne,
  selectReferring,
  selectReferringByList,
} from './collection-sql.ts'
import type { SqlContext } from './collection-sql.ts'
import { queryErrors } from './errors.ts'
import type { EntityPlan } from './plan.ts'
import { searchRows } from './search.ts'
import { idKey, outputValue } from './rows.ts'
import type { Row } from './rows.ts'
import type { Sql } from './sql.ts'
import { valueWeight } from './weight.ts'
import type { Size } from './weight.ts'

/** What loading needs: a way to read, and a check between statements. */
export type LoadContext = SqlContext & {
  readonly query: (statement: Sql) => Row[]
  /** Throws when so much more is more than the query may read. */
  readonly charge: (size: Size) => void
  /** Throws when so much more is more than the query may be answered. */
  readonly chargeAnswer: (size: Size) => void
}

/** An answered entity by response key, or null. */
export type Output = Record<string, unknown>

/**
 * `entities` and `values` are those of the output with all that is below it, shared things as often as they are
 * answered.
 */
type Node = { readonly row: Row; readonly output: Output; entities: number; values: number }

/**
 * Answers a field at the top of a query: one statement for each level of it, however many parents a level has. Parents
 * share what is below them, but whoever walks the answer meets it below each: what that comes to is bounded here.
 */
export function loadRoot(context: LoadContext, plan: EntityPlan): Output | null | Output[] {
  const nodes = loadLevel(context, plan, rootRows(context, plan))
  for (const node of nodes) context.chargeAnswer(node)
  return plan.isSingle ? (nodes[0]?.output ?? null) : nodes.map((node) => node.output)
}

function rootRows(context: LoadContext, plan: EntityPlan): Row[] {
  if (plan.isSingle) return context.query(selectOne(plan, plan.args['id']))
  if (plan.fulltext === undefined) return context.query(selectMany(context, plan))
  return searchRows(context, plan, context.query)
}

/** The rows' own fields, then their children, level by level. */
function loadLevel(context: LoadContext, plan: EntityPlan, rows: readonly Row[]): Node[] {
  context.charge({ entities: rows.length, values: rows.length * plan.keysWeight })
  const nodes = rows.map((row) => {
    const output: Output = {}
    let values = 0
    for (const { key, field } of plan.leaves) {
      output[key] = outputValue(field, row[field.name])
      values += valueWeight(output[key])
    }
    context.charge({ entities: 0, values })
    return { row, output, entities: 1, values: values + plan.keysWeight }
  })
  if (nodes.length === 0) return nodes
  for (const { key, plan: child } of plan.children) attachChildren(context, plan, nodes, key, child)
  return nodes
}

function attachChildren(
  context: LoadContext,
  parent: EntityPlan,
  nodes: readonly Node[],
  key: string,
  plan: EntityPlan,
): void {
  const { link } = plan
  if (link === undefined) return
  const childrenOf = childrenByParent(context, parent, nodes, plan, link)
  const { maxEntities } = context.limits
  // All of a level is in the answer, so that what is too much already here need not be put together.
  let entities = 0
  nodes.forEach((node, place) => {
    const children = childrenOf(node, place)
    for (const child of children) {
      node.entities += child.entities
      node.values += child.values
      entities += child.entities
    }
    if (entities > maxEntities) throw queryErrors.tooBig(entities, maxEntities)
    node.output[key] = plan.isSingle ? singleChild(plan, link, children) : children.map((child) => child.output)
  })
}

type ChildrenOf = (parent: Node, place: number) => readonly Node[]

function childrenByParent(
  context: LoadContext,
  parent: EntityPlan,
  nodes: readonly Node[],
  plan: EntityPlan,
  link: Field,
): ChildrenOf {
  const back = link.derivedFrom === undefined ? undefined : plan.entity.field(link.derivedFrom)
  if (back !== undefined) return derivedChildren(context, parent, nodes, plan, back)
  return link.isList ? listedChildren(context, nodes, plan, link) : referredChildren(context, nodes, plan, link)
}

/** A reference: each target is read once, however many parents share it. */
function referredChildren(context: LoadContext, nodes: readonly Node[], plan: EntityPlan, link: Field): ChildrenOf {
  const ids = new Map<string, ColumnValue>()
  for (const { row } of nodes) {
    const id = row[link.name] ?? null
    if (id !== null) ids.set(idKey(id), id)
  }
  const rows = ids.size === 0 ? [] : context.query(selectByIds(plan, [...ids.values()]))
  const children = new Map(loadLevel(context, plan, rows).map((node) => [idKey(node.row['id']), node]))
  return ({ row }) => {
    const child = children.get(idKey(row[link.name]))
    return child === undefined ? [] : [child]
  }
}

function listedChildren(context: LoadContext, nodes: readonly Node[], plan: EntityPlan, link: Field): ChildrenOf {
  const lists = nodes.map(({ row }) => {
    const elements: unknown = JSON.parse(String(row[link.name] ?? '[]'))
    return Array.isArray(elements) ? elements.map(String) : []
  })
  const rows = context.query(selectListed(context, plan, lists, plan))
  const children = groupByParent(loadLevel(context, plan, rows))
  return (_, place) => children.get(String(place)) ?? []
}

function derivedChildren(
  context: LoadContext,
  parent: EntityPlan,
  nodes: readonly Node[],
  plan: EntityPlan,
  back: Field,
): ChildrenOf {
  // One more than a single child may have shows that there are several.
  const window = plan.isSingle ? { first: 2, skip: 0 } : plan
  if (back.isList) {
    const rows = context.query(
      selectReferringByList(context, plan, back, [...new Set(nodes.map(({ row }) => idKey(row['id'])))], window),
    )
    const children = groupByParent(loadLevel(context, plan, rows))
    return ({ row }) => children.get(idKey(row['id'])) ?? []
  }
  const ids = nodes.map(({ row }) => row['id'] ?? null)
  const rows = context.query(selectReferring(context, plan, back, { entity: parent.entity, ids }, range(window)))
  const children = groupByParent(loadLevel(context, plan, rows))
  return (_, place) => children.get(String(place)) ?? []
}

function groupByParent(nodes: readonly Node[]): Map<string, Node[]> {
  return Map.groupBy(nodes, (node) => String(node.row[PARENT]))
}

function singleChild(plan: EntityPlan, link: Field, children: readonly Node[]): Output | null {
  if (children.length > 1) throw queryErrors.ambiguous(link.name, plan.entity.name, link.derivedFrom ?? 'id')
  const child = children[0]?.output ?? null
  if (child === null && link.isRequired) throw queryErrors.nonNull(link.name)
  return child
}
