import { RunnerError } from '../../errors.ts'
import type { EntityType, Field, Schema } from '../../schema/index.ts'
import { toIdText } from '../../storage/ids.ts'
import type { Store } from '../../storage/store.ts'
import type { Entity } from '../../storage/values.ts'
import { TYPE } from '../heap.ts'
import type { Heap, Pointer } from '../heap.ts'
import type { HostFunctions } from '../module.ts'
import { readEntity, readText, writeEntity } from '../store-values.ts'

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
  const find = (heap: Heap, name: Pointer, id: Pointer) => {
    const type = typeOf(scope, readText(heap, name))
    return { type, id: normaliseId(type, readText(heap, id)) }
  }
  const write = (heap: Heap, type: EntityType, entity: Parameters<typeof writeEntity>[2] | undefined) =>
    entity === undefined ? 0 : writeEntity(heap, type, entity)
  return {
    'store.get': (heap, name = 0, key = 0) => {
      const { type, id } = find(heap, name, key)
      return write(heap, type, store.block().get(type, id))
    },
    'store.get_in_block': (heap, name = 0, key = 0) => {
      const { type, id } = find(heap, name, key)
      return write(heap, type, store.block().getInBlock(type, id))
    },
    'store.set': (heap, name = 0, key = 0, data = 0) => {
      const { type, id } = find(heap, name, key)
      store.block().set(type, id, withId(type, id, readEntity(heap, data, type, id)))
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
        entities.map((entity) => writeEntity(heap, related.type, entity)),
      )
    },
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

/** Ids of Bytes come as hex, with or without 0x (graph-node, graph/src/data/store/id.rs). */
function normaliseId(type: EntityType, id: string): string {
  if (type.idType === 'String') return id
  if (type.idType === 'Int8') {
    if (/^-?\d{1,19}$/.test(id)) return BigInt(id).toString()
    throw failed(`\`${id}\` is no id of ${type.name}, which is an Int8`)
  }
  const digits = id.startsWith('0x') ? id.slice(2) : id
  if (digits.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(digits)) return `0x${digits.toLowerCase()}`
  throw failed(`\`${id}\` is no id of ${type.name}, which is Bytes`)
}

/** The entity, with its id if it came without. */
function withId(type: EntityType, id: string, entity: Entity): Entity {
  const given = entity['id']
  if (given === undefined || given === null) entity['id'] = idValue(type, id)
  else if (toIdText(given) !== id) {
    throw failed(`Value of ${type.name} attribute 'id' conflicts with ID passed to \`store.set()\`: ${id}`)
  }
  return entity
}

function idValue(type: EntityType, id: string): string | bigint | Uint8Array {
  if (type.idType === 'Bytes') return Uint8Array.from(Buffer.from(id.slice(2), 'hex'))
  return type.idType === 'Int8' ? BigInt(id) : id
}

function failed(message: string): RunnerError {
  return new RunnerError('MAPPING_FAILED', message)
}
