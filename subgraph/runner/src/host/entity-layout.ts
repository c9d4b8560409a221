import type { EntityType, Field } from '../schema/index.ts'
import { storedFields } from '../storage/tables.ts'
import type { Entity, PlainValue } from '../storage/values.ts'
import { blockBytes } from './arena.ts'
import { scratchBytes, toScratch, toSignedBytes } from './big-int.ts'
import { TYPE, copyBytes } from './heap.ts'
import type { Heap, Pointer } from './heap.ts'
import { KIND_INDEX, writeField } from './store-values.ts'

/** The fields of a type sorted by name, as graph-node writes them, and where their names are in a module's memory. */
export type Layout = { readonly fields: readonly Field[]; readonly names: readonly Pointer[] }

/** Where an entity was written: values one behind the other, then the entries that lead to them. */
export type Written = {
  /** The `TypedMap`. */
  readonly map: Pointer
  readonly start: Pointer
  /** The first entry's header; entries are `ENTRY_BLOCK` apart. */
  readonly entries: Pointer
  readonly end: Pointer
  /** Of each entry. */
  readonly fields: readonly Field[]
}

const WORD = 4
const VALUE_BYTES = 16
const VIEW_BYTES = 3 * WORD
const PAYLOAD = 8
const VALUE_BLOCK = blockBytes(VALUE_BYTES)
const VIEW_BLOCK = blockBytes(VIEW_BYTES)
const LIST_BLOCK = blockBytes(VIEW_BYTES + WORD)
const MAP_BLOCK = blockBytes(WORD)
const LONG_BYTES = 8
export const ENTRY_BLOCK = blockBytes(2 * WORD)

/** Undefined for types whose fields were not interned: those of other data sources. */
export function layoutOf(heap: Heap, type: EntityType): Layout | undefined {
  const fields = storedFields(type).toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const names = fields.flatMap(({ name }) => heap.findName(name) ?? [])
  return names.length === fields.length ? { fields, names } : undefined
}

/** What is about to be written: fields with a value, and how many bytes they take. Used again and again. */
const plan = { count: 0, bytes: 0, places: new Array<number>(), values: new Array<PlainValue>() }

/**
 * Writes an entity in one piece, where the heap's own functions would write it one by one; only lists are apart. Null in an
 * entity it does not know: undefined then.
 */
export function writeInOnePiece(heap: Heap, { fields, names }: Layout, entity: Readonly<Entity>): Written | undefined {
  if (!planFields(heap, fields, entity)) return undefined
  const { count, places, values } = plan
  const listBytes = count * WORD
  const start = heap.room(plan.bytes + count * ENTRY_BLOCK + blockBytes(listBytes) + LIST_BLOCK + MAP_BLOCK)
  const entries = start + plan.bytes
  const end = entries + count * ENTRY_BLOCK
  const list = heap.header(end, TYPE.arrayBuffer, listBytes)
  let next = start
  for (let index = 0; index < count; index += 1) {
    const place = places[index] ?? 0
    const field = fields[place] as Field
    const value = heap.header(next, TYPE.storeValue, VALUE_BYTES)
    next = writeContent(heap, field, values[index] as PlainValue, value, next + VALUE_BLOCK)
    const entry = heap.header(entries + index * ENTRY_BLOCK, TYPE.entryStore, 2 * WORD)
    const words = heap.words()
    words[entry >>> 2] = names[place] ?? 0
    words[(entry >>> 2) + 1] = value
    words[(list >>> 2) + index] = entry
  }
  const array = heap.header(end + blockBytes(listBytes), TYPE.arrayEntryStore, VIEW_BYTES + WORD)
  const words = heap.words()
  writeView(words, array, list, listBytes)
  words[(array >>> 2) + 3] = count
  const map = heap.header(end + blockBytes(listBytes) + LIST_BLOCK, TYPE.mapStore, WORD)
  words[map >>> 2] = array
  return {
    map,
    start,
    entries,
    end,
    fields: count === fields.length ? fields : places.slice(0, count).map((place) => fields[place] as Field),
  }
}

function planFields(heap: Heap, fields: readonly Field[], entity: Readonly<Entity>): boolean {
  let [count, bytes] = [0, 0]
  for (let place = 0; place < fields.length; place += 1) {
    const field = fields[place] as Field
    const value = entity[field.name]
    if (value === undefined) continue
    if (value === null) return false
    plan.places[count] = place
    plan.values[count] = prepare(heap, field, value)
    bytes += VALUE_BLOCK + contentBytes(field, plan.values[count] as PlainValue)
    count += 1
  }
  ;[plan.count, plan.bytes] = [count, bytes]
  return true
}

/** What is of another form than the rest is written elsewhere, and its pointer is what remains. */
function prepare(heap: Heap, field: Field, value: PlainValue): PlainValue {
  if (field.isList) return heap.readWord(writeField(heap, field, value) + PAYLOAD)
  return typeof value === 'bigint' && field.valueType === 'BigInt' && toScratch(value) === 0
    ? toSignedBytes(value)
    : value
}

function contentBytes(field: Field, value: PlainValue): number {
  if (field.isList) return 0
  if (value instanceof Uint8Array) return blockBytes(value.length) + VIEW_BLOCK
  if (typeof value === 'string') return blockBytes(2 * value.length)
  return field.valueType === 'BigInt' ? blockBytes(LONG_BYTES) + VIEW_BLOCK : 0
}

/** Writes what a `store.Value` holds, and behind it, from `next` on, what that leads to; gives where that ends. */
function writeContent(heap: Heap, field: Field, value: PlainValue, at: Pointer, next: Pointer): Pointer {
  const words = heap.words()
  words[at >>> 2] = field.isList ? KIND_INDEX.Array : KIND_INDEX[field.valueType]
  const payload = (at + PAYLOAD) >>> 2
  if (typeof value === 'number' || typeof value === 'boolean') words[payload] = Number(value)
  else if (typeof value === 'string') {
    const text = heap.header(next, TYPE.string, 2 * value.length)
    heap.fillString(text, value)
    words[payload] = text
    return next + blockBytes(2 * value.length)
  } else if (value instanceof Uint8Array) return writeArray(heap, value, value.length, payload, next)
  else if (field.valueType === 'BigInt') {
    return writeArray(heap, scratchBytes, toScratch(value as bigint), payload, next)
  } else heap.writeLong(at + PAYLOAD, value as bigint)
  return next
}

/** A typed array of these bytes; its pointer goes to the word `payload`. */
function writeArray(heap: Heap, bytes: Uint8Array, length: number, payload: number, start: Pointer): Pointer {
  const data = heap.header(start, TYPE.arrayBuffer, length)
  copyBytes(bytes, 0, length, heap.bytes(), data)
  const view = heap.header(start + blockBytes(length), TYPE.uint8Array, VIEW_BYTES)
  const words = heap.words()
  writeView(words, view, data, length)
  words[payload] = view
  return start + blockBytes(length) + VIEW_BLOCK
}

function writeView(words: Uint32Array, at: Pointer, data: Pointer, bytes: number): void {
  words[at >>> 2] = data
  words[(at >>> 2) + 1] = data
  words[(at >>> 2) + 2] = bytes
}
