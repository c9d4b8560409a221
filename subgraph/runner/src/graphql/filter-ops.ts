import type { EntityType, Field, Schema } from '../schema/index.ts'

/** A comparison of a field, by the suffix of its filter without the first `_`; `''` is equality. */
export type FilterOp = (typeof STRING_OPS)[number] | (typeof LIST_OPS)[number]

/** One key of a `…_filter`: what it compares, how, and the GraphQL type of its value. */
export type FilterKey =
  | { readonly kind: 'compare'; readonly field: Field; readonly op: FilterOp; readonly type: string }
  | { readonly kind: 'child'; readonly field: Field; readonly type: string }

const EQUALITY_OPS = ['', 'not'] as const
const SET_OPS = ['in', 'not_in'] as const
const ORDER_OPS = ['', 'not', 'gt', 'lt', 'gte', 'lte', 'in', 'not_in'] as const
const BYTES_OPS = [...ORDER_OPS, 'contains', 'not_contains'] as const
const STRING_OPS = [
  ...ORDER_OPS,
  'contains',
  'contains_nocase',
  'not_contains',
  'not_contains_nocase',
  'starts_with',
  'starts_with_nocase',
  'not_starts_with',
  'not_starts_with_nocase',
  'ends_with',
  'ends_with_nocase',
  'not_ends_with',
  'not_ends_with_nocase',
] as const
const LIST_OPS = ['', 'not', 'contains', 'contains_nocase', 'not_contains', 'not_contains_nocase'] as const
const LIST_OPS_WITHOUT_CASE = ['', 'not', 'contains', 'not_contains'] as const

/** graph-node, graph/src/schema/api.rs, `field_filter_ops`. */
const OPS_BY_SCALAR: Readonly<Record<string, readonly FilterOp[]>> = {
  Boolean: [...EQUALITY_OPS, ...SET_OPS],
  Bytes: BYTES_OPS,
  ID: ORDER_OPS,
  BigInt: ORDER_OPS,
  Int: ORDER_OPS,
  Int8: ORDER_OPS,
  Timestamp: ORDER_OPS,
  String: STRING_OPS,
}

/**
 * The keys of an entity's `…_filter` in graph-node's order, but for `_change_block`, `and` and `or`
 * (graph/src/schema/api.rs, `field_filter_input_values`).
 */
export function filterKeys(entity: EntityType): Map<string, FilterKey> {
  const keys = new Map<string, FilterKey>()
  const add = (name: string, key: FilterKey) => {
    if (!keys.has(name)) keys.set(name, key)
  }
  for (const field of entity.fields) {
    for (const [op, type] of fieldOps(field))
      add(op === '' ? field.name : `${field.name}_${op}`, { kind: 'compare', field, op, type })
    if (field.kind === 'reference') add(`${field.name}_`, { kind: 'child', field, type: `${field.type}_filter` })
  }
  return keys
}

function fieldOps(field: Field): (readonly [FilterOp, string])[] {
  if (field.derivedFrom !== undefined) return []
  const type = filterType(field)
  if (field.isList) {
    const ops = hasCase(field) ? LIST_OPS : LIST_OPS_WITHOUT_CASE
    return ops.map((op) => [op, `[${type}!]`] as const)
  }
  const ops = field.kind === 'enum' ? [...EQUALITY_OPS, ...SET_OPS] : (OPS_BY_SCALAR[type] ?? EQUALITY_OPS)
  return ops.map((op) => [op, op === 'in' || op === 'not_in' ? `[${type}!]` : type] as const)
}

/** Strings, and references by a string (graph-node, `field_list_supports_nocase`). */
function hasCase(field: Field): boolean {
  return field.type === 'String' || (field.kind === 'reference' && field.valueType === 'String')
}

/** References are filtered by id: strings for string and bytes ids, `Int` for `Int8` ones (`id_type_as_scalar`). */
function filterType(field: Field): string {
  if (field.kind !== 'reference') return field.type
  return field.valueType === 'Int8' ? 'Int' : 'String'
}

/**
 * The values of an entity's `…_orderBy`: every field, and for a reference that is no list the fields of its target
 * that are neither lists nor references (graph-node, graph/src/schema/api.rs, `field_enum_values`).
 */
export function orderKeys(entity: EntityType, schema: Schema): string[] {
  return entity.fields.flatMap((field) => {
    const target = field.isList ? undefined : schema.entities.get(field.type)
    const nested = target?.fields.filter((child) => !child.isList && child.kind !== 'reference') ?? []
    return [field.name, ...nested.map((child) => `${field.name}__${child.name}`)]
  })
}
