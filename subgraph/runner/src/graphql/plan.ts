import { GraphQLObjectType, getArgumentValues, getNamedType } from 'graphql'
import type { FieldNode, GraphQLSchema } from 'graphql'
import type { EntityType, Field, Fulltext, Schema } from '../schema/index.ts'
import { locateBlock } from './block.ts'
import type { BlockSource, QueryBlock } from './block.ts'
import { queryErrors } from './errors.ts'
import type { Limits } from './limits.ts'
import { queryNames } from './names.ts'
import { collectFields } from './selection.ts'
import type { SelectionContext } from './selection.ts'
import { keyWeight } from './weight.ts'

type Arguments = Readonly<Record<string, unknown>>

/** One field of a query that leads to entities: what to load, and what of each. */
export type EntityPlan = {
  readonly entity: EntityType
  readonly args: Arguments
  readonly block: QueryBlock
  readonly first: number
  readonly skip: number
  /** The field of the parent that leads here; the top of a query has none. */
  readonly link?: Field
  readonly fulltext?: Fulltext
  readonly isSingle: boolean
  readonly leaves: readonly { readonly key: string; readonly field: Field }[]
  readonly children: readonly { readonly key: string; readonly plan: EntityPlan }[]
  /** What the keys of an entity weigh, `__typename` among them. */
  readonly keysWeight: number
}

/** `_meta`: the fields of it and of its `block` by response key. */
export type MetaPlan = { readonly block: QueryBlock; readonly fields: ReadonlyMap<string, MetaField> }
export type MetaField = { readonly name: string; readonly inner: ReadonlyMap<string, string> }

export type RootPlan =
  | { readonly key: string; readonly kind: 'entities'; readonly plan: EntityPlan }
  | { readonly key: string; readonly kind: 'meta'; readonly plan: MetaPlan }

/** What a query is planned with. */
export type PlanContext = SelectionContext & {
  readonly schema: Schema
  readonly apiSchema: GraphQLSchema
  readonly limits: Limits
  readonly blocks: BlockSource
  readonly deployment: string
}

type RootField = { readonly entity: EntityType; readonly isSingle: boolean; readonly fulltext?: Fulltext }

/** The query fields of a schema by name. */
export function rootFields(schema: Schema): ReadonlyMap<string, RootField> {
  const fields = new Map<string, RootField>()
  for (const entity of schema.entities.values()) {
    const { one, many } = queryNames(entity.name)
    fields.set(one, { entity, isSingle: true })
    fields.set(many, { entity, isSingle: false })
  }
  for (const fulltext of schema.fulltext) {
    const entity = schema.entities.get(fulltext.entity)
    if (entity !== undefined) fields.set(fulltext.name, { entity, isSingle: false, fulltext })
  }
  return fields
}

/**
 * Plans the whole query before anything is read, and refuses one that is too deep or could return too much. The count is
 * graph-node's (graphql/src/execution/query.rs, `complexity_inner`): a collection costs its `first`, once for itself and
 * once for each thing an entity of it holds.
 */
export function planQuery(
  context: PlanContext,
  roots: ReadonlyMap<string, RootField>,
  fields: ReadonlyMap<string, readonly FieldNode[]>,
): RootPlan[] {
  const budget = createBudget(context.limits)
  const plans: RootPlan[] = []
  for (const [key, nodes] of fields) {
    const [node] = nodes
    if (node === undefined || node.name.value.startsWith('__')) continue
    const args = argumentsOf(context, 'Query', node)
    const block = locateBlock(args['block'], context.blocks, context.deployment)
    const root = roots.get(node.name.value)
    if (root === undefined) plans.push({ key, kind: 'meta', plan: planMeta(context, nodes, block) })
    else
      plans.push({
        key,
        kind: 'entities',
        plan: planEntities(context, budget, { ...root, nodes, args, block, depth: 1 }),
      })
  }
  const complexity = plans.reduce((sum, root) => sum + (root.kind === 'entities' ? complexityOf(root.plan) : 0), 0)
  if (complexity > context.limits.maxComplexity) throw queryErrors.tooComplex(complexity, context.limits.maxComplexity)
  return plans
}

type Level = Omit<RootField, 'isSingle'> & {
  readonly isSingle: boolean
  readonly link?: Field
  readonly nodes: readonly FieldNode[]
  readonly args: Arguments
  readonly block: QueryBlock
  readonly depth: number
}

function planEntities(context: PlanContext, budget: Budget, level: Level): EntityPlan {
  const { entity, args, block, depth, nodes } = level
  if (depth > context.limits.maxDepth) throw queryErrors.tooDeep(context.limits.maxDepth)
  const leaves: { key: string; field: Field }[] = []
  const children: { key: string; plan: EntityPlan }[] = []
  let keysWeight = 0
  const sets = nodes.map((node) => node.selectionSet)
  for (const [key, inner] of collectFields(context, entity.name, sets)) {
    budget.take()
    keysWeight += keyWeight(key)
    const [node] = inner
    const field = node === undefined ? undefined : entity.field(node.name.value)
    if (node === undefined || field === undefined) continue
    const child = field.kind === 'reference' ? context.schema.entities.get(field.type) : undefined
    if (child === undefined) leaves.push({ key, field })
    else {
      const childArgs = argumentsOf(context, entity.name, node)
      const shape = { entity: child, isSingle: !field.isList, link: field }
      const plan = planEntities(context, budget, { ...shape, nodes: inner, args: childArgs, block, depth: depth + 1 })
      children.push({ key, plan })
    }
  }
  const { link, fulltext, isSingle } = level
  return {
    entity,
    args,
    block,
    isSingle,
    leaves,
    children,
    keysWeight,
    ...rangeOf(args, context.limits),
    ...(link === undefined ? {} : { link }),
    ...(fulltext === undefined ? {} : { fulltext }),
  }
}

/** `first` is from 1, whatever the message says (graph-node, graphql/src/store/query.rs, `build_range`). */
function rangeOf(args: Arguments, limits: Limits): { first: number; skip: number } {
  const first = args['first'] ?? 100
  const skip = args['skip'] ?? 0
  if (typeof first !== 'number' || first < 1 || first > limits.maxFirst)
    throw queryErrors.range('first', limits.maxFirst, Number(first))
  if (typeof skip !== 'number' || skip < 0 || skip > limits.maxSkip)
    throw queryErrors.range('skip', limits.maxSkip, Number(skip))
  return { first, skip }
}

function complexityOf(plan: EntityPlan): number {
  const inside = plan.children.reduce((sum, child) => sum + complexityOf(child.plan), 0)
  return plan.isSingle ? inside : plan.first + plan.first * inside
}

function planMeta(context: PlanContext, nodes: readonly FieldNode[], block: QueryBlock): MetaPlan {
  const fields = new Map<string, MetaField>()
  const sets = nodes.map((node) => node.selectionSet)
  for (const [key, inner] of collectFields(context, '_Meta_', sets)) {
    const innerSets = inner.map((node) => node.selectionSet)
    const blockFields = [...collectFields(context, '_Block_', innerSets)]
    const names = blockFields.map(([innerKey, [node]]) => [innerKey, node?.name.value ?? ''] as const)
    fields.set(key, { name: inner[0]?.name.value ?? '', inner: new Map(names) })
  }
  return { block, fields }
}

function argumentsOf(context: PlanContext, typeName: string, node: FieldNode): Arguments {
  const type = context.apiSchema.getType(typeName)
  const definition = type instanceof GraphQLObjectType ? type.getFields()[node.name.value] : undefined
  if (definition === undefined) return {}
  // Selections of leaves have no arguments that count.
  return getNamedType(definition.type) instanceof GraphQLObjectType
    ? getArgumentValues(definition, node, context.variables)
    : {}
}

type Budget = { readonly take: () => void }

function createBudget(limits: Limits): Budget {
  let taken = 0
  return {
    take() {
      taken += 1
      if (taken > limits.maxFields) throw queryErrors.tooExpensive()
    },
  }
}
