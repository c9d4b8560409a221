import { RunnerError } from '../errors.ts'
import type { EntityType, Field } from '../schema/index.ts'
import { accumulate, apply, removal, update } from './block-changes.ts'
import type { Change } from './block-changes.ts'
import { idOf, toIdText } from './ids.ts'
import type { Pending } from './pending.ts'
import { storedFields } from './tables.ts'
import type { Entity } from './values.ts'

/** What the handlers of one block see and do, on top of the blocks before it. */
export type Block = {
  readonly get: (type: EntityType, id: string) => Readonly<Entity> | undefined
  /** What was set in this block, without what was there before. */
  readonly getInBlock: (type: EntityType, id: string) => Readonly<Entity> | undefined
  /** Entities of `type` that lead to `id` by `field`, sorted by id. */
  readonly getRelated: (type: EntityType, field: Field, id: string) => Readonly<Entity>[]
  /** Sets fields; null takes one away. Throws MAPPING_FAILED if a required one is missing then. */
  readonly set: (type: EntityType, id: string, fields: Readonly<Entity>) => void
  readonly remove: (type: EntityType, id: string) => void
  /** Hands every entity's change over, in the order in which they were first touched. */
  readonly end: () => void
}

type Touched = {
  readonly type: EntityType
  readonly id: string
  change: Change
  /** The entity after the change, once somebody has asked. */
  entity?: Readonly<Entity> | undefined
}

/** graph-node: graph/src/components/store/entity_cache.rs. `related` gives what is stored by now. */
export function createBlock(
  number: number,
  pending: Pending,
  related: (type: EntityType, field: Field, id: string) => readonly Readonly<Entity>[],
): Block {
  const { touched, find, touch } = createTouched()
  function get(type: EntityType, id: string): Readonly<Entity> | undefined {
    const found = find(type, id)
    if (found === undefined) return pending.get(type, id)
    const { change } = found
    return (found.entity ??= apply(change, change.kind === 'overwrite' ? undefined : pending.get(type, id)))
  }
  return {
    get,
    getInBlock: (type, id) => apply(find(type, id)?.change, undefined),
    getRelated: (type, field, id) => {
      const found = new Map(related(type, field, id).map((entity) => [idOf(entity), entity]))
      for (const { type: other, id: key } of touched) {
        if (other !== type) continue
        const entity = get(type, key)
        if (entity !== undefined && leadsTo(entity, field, id)) found.set(key, entity)
        else found.delete(key)
      }
      return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, entity]) => entity)
    },
    set: (type, id, fields) => {
      touch(type, id, update(fields))
      // What is not given now may have been there before.
      if (findMissing(type, fields) === undefined) return
      const missing = findMissing(type, get(type, id) ?? {})
      if (missing === undefined) return
      throw new RunnerError(
        'MAPPING_FAILED',
        `Entity ${type.name}[${id}]: missing value for non-nullable field \`${missing}\``,
      )
    },
    remove: (type, id) => touch(type, id, removal()),
    end: () => {
      // All or nothing of a block.
      for (const { type, id, change } of touched) pending.check(type, id, change, number)
      for (const { type, id, change } of touched) pending.change(type, id, change, number)
    },
  }
}

/** What a block changes, in the order in which it was first touched. */
function createTouched() {
  const touched: Touched[] = []
  const byType = new Map<EntityType, Map<string, Touched>>()
  function touch(type: EntityType, id: string, change: Change): void {
    let earlier = byType.get(type)
    if (earlier === undefined) byType.set(type, (earlier = new Map<string, Touched>()))
    const found = earlier.get(id)
    if (found === undefined) {
      const first = { type, id, change, entity: undefined }
      earlier.set(id, first)
      touched.push(first)
      return
    }
    found.change = accumulate(found.change, change)
    found.entity = undefined
  }
  return { touched, touch, find: (type: EntityType, id: string) => byType.get(type)?.get(id) }
}

const required = new WeakMap<EntityType, readonly string[]>()

function findMissing(type: EntityType, entity: Readonly<Entity>): string | undefined {
  let names = required.get(type)
  if (names === undefined) {
    names = storedFields(type).flatMap(({ name, isRequired }) => (isRequired ? [name] : []))
    required.set(type, names)
  }
  for (const name of names) if ((entity[name] ?? null) === null) return name
  return undefined
}

function leadsTo(entity: Readonly<Entity>, field: Field, id: string): boolean {
  const value = entity[field.name]
  const items = (Array.isArray(value) ? value : [value]) as (Entity[string] | undefined)[]
  return items.some((item) => item !== undefined && toIdText(item) === id)
}
