import { RunnerError } from '../errors.ts'
import type { EntityType, Field } from '../schema/index.ts'
import type { Entity } from '../storage/values.ts'
import { HEADER_BYTES } from './arena.ts'
import { withId } from './entity-id.ts'
import { ENTRY_BLOCK, layoutOf, writeInOnePiece } from './entity-layout.ts'
import type { Layout, Written } from './entity-layout.ts'
import type { Heap, Pointer } from './heap.ts'
import { readPlain, readText, writeEntity } from './store-values.ts'

/** Entities in a module's memory, as a mapping loads and saves them. */
export type EntityMemory = {
  readonly write: (type: EntityType, id: string, entity: Readonly<Entity>) => Pointer
  /**
   * The fields that a mapping sets, and the id if it is not among them. Throws MAPPING_FAILED with graph-node's words
   * (runtime/wasm/src/host_exports.rs, `check_invalid_fields`), and if the id is another.
   */
  readonly read: (at: Pointer, type: EntityType, id: string) => Entity
}

/** An entity that was written for the handler that runs, and may be saved with some changes. */
type Loaded = Written & {
  readonly type: EntityType
  readonly id: string
  readonly entity: Readonly<Entity>
  /** Where in `copy` what was written is. */
  readonly copied: number
}

/** What a handler loads beyond that is read as if it were new. */
const COPIED_WORDS = 2 ** 15

/**
 * A mapping loads an entity, sets a few of its fields, and saves it. So a copy of what was written for it is kept until the
 * handler ends: where neither a pointer nor what it leads to has changed since, the value is the one that was written, and is not
 * read again.
 */
export function createEntityMemory(heap: Heap): EntityMemory {
  const layouts = new Map<EntityType, Layout | undefined>()
  const { remember, find, isAsWritten } = createLoaded(heap)
  const readEntry = createEntryReader(heap)
  function layoutFor(type: EntityType): Layout | undefined {
    let layout = layouts.get(type)
    if (layout === undefined && !layouts.has(type)) layouts.set(type, (layout = layoutOf(heap, type)))
    return layout
  }
  /** What of the map is another than in `from`, on top of that; undefined if entries of it are gone or moved. */
  function readChanged(from: Loaded, entries: readonly Pointer[], id: string): Entity | undefined {
    if (entries.length < from.fields.length) return undefined
    const entity = { ...from.entity }
    const unknown: string[] = []
    let isSameId = from.id === id
    for (let place = 0; place < entries.length; place += 1) {
      const entry = entries[place] ?? 0
      const found = isAsWritten(from, entry, place)
      if (found === 'value') continue
      if (found === 'nothing' && place < from.fields.length) return undefined
      if (readEntry(entity, entry, from.type, id, unknown)?.name === 'id') isSameId = false
    }
    refuse(unknown, from.type)
    return isSameId ? entity : withId(from.type, id, entity)
  }
  function readAll(entries: readonly Pointer[], type: EntityType, id: string): Entity {
    const entity: Entity = {}
    const unknown: string[] = []
    for (const entry of entries) readEntry(entity, entry, type, id, unknown)
    refuse(unknown, type)
    return withId(type, id, entity)
  }
  return {
    write: (type, id, entity) => {
      const layout = layoutFor(type)
      const written = layout === undefined ? undefined : writeInOnePiece(heap, layout, entity)
      if (written === undefined) return writeEntity(heap, type, entity)
      remember(type, id, entity, written)
      return written.map
    },
    read: (at, type, id) => {
      const entries = heap.readPointers(heap.readWord(at))
      const from = find(at, type)
      return (from && readChanged(from, entries, id)) ?? readAll(entries, type, id)
    },
  }
}

/** What was written for the handler that runs. */
function createLoaded(heap: Heap) {
  const copy = new Uint32Array(COPIED_WORDS)
  let loaded: Loaded[] = []
  let [copied, generation] = [0, 0]
  /** Whether nothing of what the entries led to is different. */
  function isSame({ start, entries, copied: from }: Loaded): boolean {
    const [memory, first] = [heap.words(), start >>> 2]
    const words = (entries - start) >>> 2
    for (let at = 0; at < words; at += 1) if (memory[first + at] !== copy[from + at]) return false
    return true
  }
  return {
    remember: (type: EntityType, id: string, entity: Readonly<Entity>, written: Written): void => {
      if (generation !== heap.generation()) [loaded, copied, generation] = [[], 0, heap.generation()]
      const words = (written.end - written.start) >>> 2
      if (copied + words > COPIED_WORDS) return
      const { map, start, entries, end, fields } = written
      loaded.push({ map, start, entries, end, fields, type, id, entity, copied })
      const [from, memory] = [start >>> 2, heap.words()]
      for (let at = 0; at < words; at += 1) copy[copied + at] = memory[from + at] ?? 0
      copied += words
    },
    find: (at: Pointer, type: EntityType): Loaded | undefined => {
      if (generation !== heap.generation()) return undefined
      const found = loaded.findLast(({ map }) => map === at)
      return found?.type === type && isSame(found) ? found : undefined
    },
    /** What of the entry at `place` is as it was written: its value, its key alone, or nothing. */
    isAsWritten: (from: Loaded, entry: Pointer, place: number): 'value' | 'key' | 'nothing' => {
      if (entry !== from.entries + place * ENTRY_BLOCK + HEADER_BYTES || entry >= from.end) return 'nothing'
      const [memory, at, was] = [heap.words(), entry >>> 2, from.copied + ((entry - from.start) >>> 2)]
      if (memory[at] !== copy[was]) return 'nothing'
      // What lists lead to was not copied.
      return memory[at + 1] === copy[was + 1] && from.fields[place]?.isList === false ? 'value' : 'key'
    },
  }
}

type ReadEntry = (entity: Entity, entry: Pointer, type: EntityType, id: string, unknown: string[]) => Field | undefined

/** Reads an entry into an entity, or its name into those that no field has. */
function createEntryReader(heap: Heap): ReadEntry {
  // Literals are where they are as long as the module is.
  const literals = new Map<EntityType, Map<Pointer, Field>>()
  function readField(key: Pointer, type: EntityType): Field | undefined {
    let known = literals.get(type)
    if (known === undefined) literals.set(type, (known = new Map<Pointer, Field>()))
    const found = known.get(key)
    if (found !== undefined) return found
    const field = type.field(readText(heap, key))
    if (field !== undefined && heap.isStatic(key)) known.set(key, field)
    return field
  }
  return (entity, entry, type, id, unknown) => {
    const key = heap.readWord(entry)
    const field = readField(key, type)
    if (field === undefined) unknown.push(readText(heap, key))
    else entity[field.name] = readPlain(heap, heap.readWord(entry + 4), type, id, field)
    return field
  }
}

function refuse(unknown: readonly string[], type: EntityType): void {
  if (unknown.length === 0) return
  throw new RunnerError(
    'MAPPING_FAILED',
    `Attempted to set undefined fields [${[...unknown].sort().join(', ')}] for the entity type \`${type.name}\`. ` +
      'Make sure those fields are defined in the schema.',
  )
}
