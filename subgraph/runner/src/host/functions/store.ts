import { RunnerError } from '../../errors.ts'
import type { EntityType, Field, Schema } from '../../schema/index.ts'
import { idOf } from '../../storage/ids.ts'
import type { Store } from '../../storage/store.ts'
import type { Entity } from '../../storage/values.ts'
import { normaliseId } from '../entity-id.ts'
import { createEntityMemory } from '../entity-memory.ts'
import { TYPE } from '../heap.ts'
import type { Heap, Pointer } from '../heap.ts'
import type { HostFunctions } from '../module.ts'
import { readText } from '../store-values.ts'

/** What the functions need of the handler that runs. */
export type StoreScope = {
  readonly schema: Schema
  readonly store: Store
  /** The `entities` of the data source whose handler runs, and its name. */
  readonly access: () => { readonly name: string; readonly entities: readonly string[] }
}

/** `store.*`: graph-node, runtime/wasm/src/host_exports.rs. */
export function storeFunctions(scope: StoreScope): HostFunctions {
  const { store } = scope
  const memoryOf = rememberByHeap((heap) => ({ ...createEntityMemory(heap), types: new Map<Pointer, EntityType>() }))
  function readType(heap: Heap, name: Pointer): EntityType {
    const { types } = memoryOf(heap)
    let type = types.get(name)
    if (type !== undefined) return type
    type = typeOf(scope, readText(heap, name))
    // A module is of one template, whose entities are always the same.
    if (heap.isStatic(name)) types.set(name, type)
    return type
  }
  const readId = (heap: Heap, type: EntityType, id: Pointer): string =>
    type.idType === 'Bytes' && heap.isHexText(id) ? heap.readString(id) : normaliseId(type, readText(heap, id))
  const find = (heap: Heap, name: Pointer, key: Pointer) => {
    const type = readType(heap, name)
    return { type, id: readId(heap, type, key) }
  }
  const write = (heap: Heap, type: EntityType, id: string, entity: Readonly<Entity> | undefined) =>
    entity === undefined ? 0 : memoryOf(heap).write(type, id, entity)
  return {
    'store.get': (heap, name = 0, key = 0) => {
      const { type, id } = find(heap, name, key)
      return write(heap, type, id, store.block().get(type, id))
    },
    'store.get_in_block': (heap, name = 0, key = 0) => {
      const { type, id } = find(heap, name, key)
      return write(heap, type, id, store.block().getInBlock(type, id))
    },
    'store.set': (heap, name = 0, key = 0, data = 0) => {
      const { type, id } = find(heap, name, key)
      store.block().set(type, id, memoryOf(heap).read(data, type, id))
    },
    'store.remove': (heap, name = 0, key = 0) => {
      const { type, id } = find(heap, name, key)
      store.block().remove(type, id)
    },
    'store.loadRelated': (heap, name = 0, key = 0, field = 0) => {
      const { type, id } = find(heap, name, key)
      const related = relatedField(scope.schema, type, readText(heap, field))
      const entities = store.block().getRelated(related.type, related.field, id)
      return heap.writePointers(
        TYPE.arrayEntryStore,
        entities.map((entity) => memoryOf(heap).write(related.type, idOf(entity), entity)),
      )
    },
  }
}

/** What is known of a module's memory, made when it is first asked for. */
function rememberByHeap<T>(create: (heap: Heap) => T): (heap: Heap) => T {
  const known = new WeakMap<Heap, T>()
  let last: { readonly heap: Heap; readonly value: T } | undefined
  return (heap) => {
    if (last?.heap === heap) return last.value
    const value = known.get(heap) ?? create(heap)
    known.set(heap, value)
    last = { heap, value }
    return value
  }
}

function typeOf({ schema, access }: StoreScope, name: string): EntityType {
  const type = schema.entities.get(name)
  if (type === undefined) throw failed(`entity type \`${name}\` is not in the schema`)
  const source = access()
  if (source.entities.includes(name)) return type
  throw failed(
    `entity type \`${name}\` is not on the 'entities' list for data source \`${source.name}\`. ` +
      `Hint: Add \`${name}\` to the 'entities' list, which currently is: \`${source.entities.join(', ')}\`.`,
  )
}

/** The field, of another type or the same, by which a derived field is found. */
function relatedField(schema: Schema, type: EntityType, name: string): { type: EntityType; field: Field } {
  const derived = type.field(name)
  const target = derived === undefined ? undefined : schema.entities.get(derived.type)
  const field = derived?.derivedFrom === undefined ? undefined : target?.field(derived.derivedFrom)
  if (target !== undefined && field !== undefined) return { type: target, field }
  throw failed(`\`${type.name}.${name}\` is no derived field`)
}

function failed(message: string): RunnerError {
  return new RunnerError('MAPPING_FAILED', message)
}
