import { RunnerError } from '../errors.ts'
import type { EntityType, Field, ValueType } from '../schema/index.ts'
import type { Entity, PlainValue } from '../storage/values.ts'
import { TYPE } from './heap.ts'
import type { Heap, Pointer } from './heap.ts'

/** graph-ts `ValueKind`, packages/ts/common/value.ts. */
export const KINDS = [
  'String',
  'Int',
  'BigDecimal',
  'Boolean',
  'Array',
  'Null',
  'Bytes',
  'BigInt',
  'Int8',
  'Timestamp',
] as const

export const KIND_INDEX = Object.fromEntries(KINDS.map((kind, index) => [kind, index])) as Record<
  (typeof KINDS)[number],
  number
>

/** A value with the kind that the mapping gave it. */
export type TaggedValue =
  | { readonly kind: 'Array'; readonly value: readonly TaggedValue[] }
  | { readonly kind: Exclude<(typeof KINDS)[number], 'Array'>; readonly value: PlainValue }

/** As deep as graph-node follows pointers (graph/src/runtime/asc_heap.rs, `MAX_RECURSION_DEPTH`). */
const MAX_DEPTH = 128
const VALUE_BYTES = 16
const ENTRY_BYTES = 8
const MAP_BYTES = 4

/** Reads a `store.Value`. */
export function readValue(heap: Heap, at: Pointer, depth = 0): TaggedValue {
  if (depth > MAX_DEPTH) throw new RunnerError('MAPPING_FAILED', 'recursion limit reached')
  const kind = KINDS[heap.readWord(at)]
  const payload = at + 8
  switch (kind) {
    case 'String':
    case 'Int':
    case 'Boolean':
    case 'Bytes':
    case 'BigInt':
    case 'Int8':
    case 'Timestamp':
      return { kind, value: readScalar(heap, payload, kind) }
    case 'Array':
      return {
        kind,
        value: heap.readPointers(heap.readWord(payload)).map((item) => readValue(heap, item, depth + 1)),
      }
    case 'Null':
      return { kind, value: null }
    case 'BigDecimal':
      throw new RunnerError('MAPPING_UNSUPPORTED', 'BigDecimal is not supported.')
    default:
      throw new RunnerError('MAPPING_FAILED', `There is no kind ${heap.readWord(at)} of values.`)
  }
}

/**
 * A string as graph-node takes it from a mapping: without NUL, and an error if it is no valid UTF-16
 * (runtime/wasm/src/to_from/mod.rs).
 */
export function readText(heap: Heap, at: Pointer): string {
  const text = heap.readString(at)
  if (!text.isWellFormed()) throw new RunnerError('MAPPING_FAILED', 'invalid utf-16: lone surrogate found')
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}

/** Reads a `TypedMap<string, Value>` in the order of its entries; of entries with one name the last counts. */
export function readMap(heap: Heap, at: Pointer): Map<string, TaggedValue> {
  const fields = new Map<string, TaggedValue>()
  for (const entry of heap.readPointers(heap.readWord(at))) {
    fields.set(readText(heap, heap.readWord(entry)), readValue(heap, heap.readWord(entry + 4)))
  }
  return fields
}

/**
 * The value of a field, of the type that the schema gives it (graph-node, graph/src/data/store/mod.rs, `Entity::validate`). Throws
 * MAPPING_FAILED with its words.
 */
export function readPlain(heap: Heap, at: Pointer, type: EntityType, id: string, field: Field): PlainValue {
  const isPlain = !field.isList && field.derivedFrom === undefined
  if (isPlain && heap.readWord(at) === KIND_INDEX[field.valueType]) return readScalar(heap, at + 8, field.valueType)
  return toPlain(type, id, field, readValue(heap, at))
}

function readScalar(heap: Heap, at: Pointer, kind: ValueType): PlainValue {
  switch (kind) {
    case 'String':
      return readText(heap, heap.readWord(at))
    case 'Int':
      return heap.readWord(at) | 0
    case 'Boolean':
      return heap.readWord(at) !== 0
    case 'Bytes':
      return heap.readBytes(heap.readWord(at))
    case 'BigInt':
      return heap.readSigned(heap.readWord(at))
    case 'Int8':
    case 'Timestamp':
      return BigInt.asIntN(64, heap.readLong(at))
  }
}

function toPlain(type: EntityType, id: string, field: Field, tagged: TaggedValue): PlainValue {
  const fail = (reason: string): never => {
    throw new RunnerError('MAPPING_FAILED', `Entity ${type.name}[${id}]: ${reason}`)
  }
  if (field.derivedFrom !== undefined) return fail(`field \`${field.name}\` is derived and cannot be set`)
  if (tagged.kind === 'Null') return null
  const expected = field.isList ? `[${field.valueType}!]` : field.valueType
  if (tagged.kind !== 'Array' || !field.isList) {
    if (!field.isList && tagged.kind === field.valueType) return tagged.value
    return fail(`the value for field \`${field.name}\` must have type ${expected} but has type ${tagged.kind}`)
  }
  return tagged.value.map((item, index) => {
    if (item.kind === field.valueType) return item.value
    return fail(
      `field \`${field.name}\` is of type ${expected}, but the value contains a ${item.kind} at index ${index}`,
    )
  })
}

const sortedFields = new WeakMap<EntityType, readonly Field[]>()

/** Writes an `Entity`: its fields sorted by name, as graph-node does. */
export function writeEntity(heap: Heap, type: EntityType, entity: Entity): Pointer {
  let fields = sortedFields.get(type)
  if (fields === undefined) {
    fields = type.fields.toSorted((left, right) => (left.name < right.name ? -1 : 1))
    sortedFields.set(type, fields)
  }
  const entries: Pointer[] = []
  for (const field of fields) {
    const value = entity[field.name]
    if (value !== undefined) entries.push(writeEntry(heap, heap.writeName(field.name), writeField(heap, field, value)))
  }
  return writeEntries(heap, entries)
}

/** Writes a map whose values know their kinds, as the context of a data source. */
export function writeMap(heap: Heap, fields: ReadonlyMap<string, TaggedValue>): Pointer {
  return writeEntries(
    heap,
    [...fields].map(([name, tagged]) => writeEntry(heap, heap.writeString(name), writeTagged(heap, tagged))),
  )
}

function writeEntry(heap: Heap, key: Pointer, value: Pointer): Pointer {
  const entry = heap.object(TYPE.entryStore, ENTRY_BYTES)
  heap.writeWord(entry, key)
  heap.writeWord(entry + 4, value)
  return entry
}

function writeEntries(heap: Heap, entries: readonly Pointer[]): Pointer {
  const list = heap.writePointers(TYPE.arrayEntryStore, entries)
  const map = heap.object(TYPE.mapStore, MAP_BYTES)
  heap.writeWord(map, list)
  return map
}

export function writeField(heap: Heap, field: Field, value: PlainValue): Pointer {
  if (value === null) return writeNull(heap)
  if (!Array.isArray(value)) return writeScalar(heap, field.valueType, value)
  const items = (value as readonly PlainValue[]).map((item) => writeScalar(heap, field.valueType, item))
  return writeWord(heap, 'Array', heap.writePointers(TYPE.arrayStoreValue, items))
}

function writeTagged(heap: Heap, tagged: TaggedValue): Pointer {
  if (tagged.kind === 'Null' || tagged.kind === 'BigDecimal') return writeNull(heap)
  if (tagged.kind !== 'Array') return writeScalar(heap, tagged.kind, tagged.value)
  const items = tagged.value.map((item) => writeTagged(heap, item))
  return writeWord(heap, 'Array', heap.writePointers(TYPE.arrayStoreValue, items))
}

function writeScalar(heap: Heap, type: ValueType, value: PlainValue): Pointer {
  switch (type) {
    case 'String':
      return writeWord(heap, type, heap.writeString(value as string))
    case 'Int':
      return writeWord(heap, type, (value as number) >>> 0)
    case 'Boolean':
      return writeWord(heap, type, Number(value))
    case 'Bytes':
      return writeWord(heap, type, heap.writeBytes(value as Uint8Array))
    case 'BigInt':
      return writeWord(heap, type, heap.writeSigned(value as bigint))
    case 'Int8':
    case 'Timestamp': {
      const at = writeWord(heap, type, 0)
      heap.writeLong(at + 8, value as bigint)
      return at
    }
  }
}

function writeNull(heap: Heap): Pointer {
  return writeWord(heap, 'Null', 0)
}

function writeWord(heap: Heap, kind: (typeof KINDS)[number], payload: number): Pointer {
  const at = heap.object(TYPE.storeValue, VALUE_BYTES)
  heap.writeWord(at, KIND_INDEX[kind])
  heap.writeWord(at + 8, payload)
  return at
}
