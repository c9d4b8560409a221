import type { Entity, PlainValue } from './values.ts'

/**
 * What a block does to one entity so far. An `update` goes on top of what the store has, an `overwrite` replaces it: it is an
 * update after a removal (graph-node, graph/src/components/store/entity_cache.rs, `EntityOp`). Null in `fields` takes the
 * field away.
 */
export type Change =
  { readonly kind: 'remove' } | { readonly kind: 'update' | 'overwrite'; readonly fields: Readonly<Entity> }

const REMOVE: Change = { kind: 'remove' }

/** The two changes as one (`EntityOp::accumulate`). */
export function accumulate(earlier: Change | undefined, later: Change): Change {
  if (later.kind !== 'update' || earlier === undefined) return later
  if (earlier.kind === 'remove') return { kind: 'overwrite', fields: later.fields }
  return { kind: earlier.kind, fields: merge(earlier.fields, later.fields) }
}

/** Whoever loads an entity saves all of it: then there is nothing of the earlier fields left. */
function merge(earlier: Readonly<Entity>, later: Readonly<Entity>): Readonly<Entity> {
  for (const name in earlier) if (!(name in later)) return { ...earlier, ...later }
  return later
}

/** The entity after the change; undefined if there is none (`EntityOp::apply_to`). */
export function apply(change: Change | undefined, current: Readonly<Entity> | undefined): Readonly<Entity> | undefined {
  if (change === undefined) return current
  if (change.kind === 'remove') return undefined
  return withoutNulls(
    change.kind === 'overwrite' || current === undefined ? change.fields : merge(current, change.fields),
  )
}

export const removal = (): Change => REMOVE
export const update = (fields: Readonly<Entity>): Change => ({ kind: 'update', fields })

/** Whether two entities without nulls, or none, are the same. */
export function isSame(left: Readonly<Entity> | undefined, right: Readonly<Entity> | undefined): boolean {
  if (left === undefined || right === undefined) return left === right
  let names = 0
  for (const name in left) {
    if (!isSameValue(left[name], right[name])) return false
    names += 1
  }
  for (const _ in right) names -= 1
  return names === 0
}

function isSameValue(left: PlainValue | undefined, right: PlainValue | undefined): boolean {
  if (left === right) return true
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) return false
  const other = right as readonly PlainValue[]
  return (left as readonly PlainValue[]).every((value, index) => isSameValue(value, other[index]))
}

function withoutNulls(entity: Readonly<Entity>): Readonly<Entity> {
  for (const name in entity) {
    if (entity[name] === null) return Object.fromEntries(Object.entries(entity).filter(([, value]) => value !== null))
  }
  return entity
}
