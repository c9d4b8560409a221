import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isRunnerError } from '../../test/errors.ts'
import { parseSchema } from '../schema/index.ts'
import type { EntityType } from '../schema/index.ts'
import type { Entity } from '../storage/values.ts'
import { createEntityMemory } from './entity-memory.ts'
import { createHeap } from './heap.ts'
import type { Heap, Pointer } from './heap.ts'
import { writeEntity } from './store-values.ts'

const SCHEMA = `
  enum Color { RED GREEN }
  type Thing @entity {
    id: Bytes!
    name: String!
    note: String
    owner: Bytes!
    amount: BigInt!
    large: BigInt!
    count: Int!
    stamp: Int8!
    moment: Timestamp!
    flag: Boolean!
    color: Color!
    tags: [Bytes!]!
  }
`
const ID = '0x0102'
const ENTRY_VALUE = 4
const PAYLOAD = 8

const thing: Entity = {
  id: Uint8Array.of(1, 2),
  name: 'ünïcode 🎬',
  owner: new Uint8Array(20).fill(7),
  amount: -129n,
  large: 2n ** 200n,
  count: -5,
  stamp: -(2n ** 63n),
  moment: 1_700_000_000_000_000n,
  flag: true,
  color: 'GREEN',
  tags: [Uint8Array.of(9), Uint8Array.of(8, 7)],
}

/** A module that has memory and nothing else, which grows when it must. */
function newHeap(): Heap {
  const memory = new WebAssembly.Memory({ initial: 1 })
  let next = 1024
  const allocate = (bytes: number): Pointer => {
    const at = (next + 15) & ~15
    next = at + bytes
    const missing = next - memory.buffer.byteLength
    if (missing > 0) memory.grow(Math.ceil(missing / 65_536))
    return at
  }
  return createHeap({ memory, allocate, idOfType: (index) => 1000 + index })
}

function start() {
  const type = parseSchema(SCHEMA).entities.get('Thing') as EntityType
  const heap = newHeap()
  heap.intern(type.fields.map(({ name }) => name))
  heap.reset(heap.object(0, 0))
  const memory = createEntityMemory(heap)
  const map = memory.write(type, ID, thing)
  /** The `store.Value` of a field. */
  const valueOf = (name: string): Pointer => heap.readWord(entryOf(name) + ENTRY_VALUE)
  const entryOf = (name: string): Pointer => {
    const entries = heap.readPointers(heap.readWord(map))
    return entries.find((entry) => heap.readString(heap.readWord(entry)) === name) ?? 0
  }
  /** What is read without knowing what was written. */
  const readAnew = () => createEntityMemory(heap).read(map, type, ID)
  return { type, heap, memory, map, valueOf, entryOf, read: () => memory.read(map, type, ID), readAnew }
}

describe('entities in the memory of a module', () => {
  it('come back as they were, whether they are known or read anew', () => {
    const { read, readAnew } = start()
    assert.deepEqual(read(), thing)
    assert.deepEqual(readAnew(), thing)
  })

  it('lie there as they do when they are written value by value', () => {
    const { heap, type, readAnew } = start()
    const map = writeEntity(heap, type, thing)
    assert.deepEqual(createEntityMemory(heap).read(map, type, ID), readAnew())
  })

  it('have the fields that were set since, and the others', () => {
    const { heap, type, read, readAnew, entryOf } = start()
    const other = createEntityMemory(heap).write(type, ID, { ...thing, count: 6, amount: 2n ** 64n, name: '' })
    const entries = heap.readPointers(heap.readWord(other))
    for (const name of ['count', 'amount', 'name']) {
      const entry = entries.find((each) => heap.readString(heap.readWord(each)) === name) ?? 0
      heap.writeWord(entryOf(name) + ENTRY_VALUE, heap.readWord(entry + ENTRY_VALUE))
    }
    assert.deepEqual(read(), { ...thing, count: 6, amount: 2n ** 64n, name: '' })
    assert.deepEqual(readAnew(), read())
  })

  for (const name of Object.keys(thing)) {
    it(`have ${name} as it was changed where it lies`, () => {
      const { heap, valueOf, read, readAnew } = start()
      const at = valueOf(name)
      const payload = heap.readWord(at + PAYLOAD)
      // A number or a boolean is there itself; a typed array leads to its bytes, a list to its first value's bytes.
      if (['count', 'flag', 'stamp', 'moment'].includes(name)) heap.writeWord(at + PAYLOAD, Number(payload === 0))
      else if (name === 'tags') {
        const [first = 0] = heap.readPointers(payload)
        heap.bytes()[heap.readWord(heap.readWord(first + PAYLOAD) + 4)] = 99
      } else if (name === 'id') heap.writeWord(heap.readWord(payload + 4), 0x0102)
      else if (['name', 'color'].includes(name)) heap.fillString(payload, 'XY')
      else heap.bytes()[heap.readWord(payload + 4)] = 99
      if (name === 'id') {
        assert.throws(read, isRunnerError('MAPPING_FAILED', /conflicts with ID/))
        return
      }
      const changed = read()
      assert.notDeepEqual(changed, thing)
      assert.deepEqual(changed, readAnew())
    })
  }

  it('lack a field that was set to null, and have one that was not there', () => {
    const { heap, map, entryOf, read, readAnew } = start()
    const note = heap.object(31, 16)
    heap.writeWord(note + PAYLOAD, heap.writeString('new'))
    const entry = heap.object(34, 8)
    heap.writeWord(entry, heap.writeString('note'))
    heap.writeWord(entry + ENTRY_VALUE, note)
    const nothing = heap.object(31, 16)
    heap.writeWord(nothing, 5)
    heap.writeWord(entryOf('name') + ENTRY_VALUE, nothing)
    const entries = [...heap.readPointers(heap.readWord(map)), entry]
    heap.writeWord(map, heap.writePointers(21, entries))
    assert.deepEqual(read(), { ...thing, name: null, note: 'new' })
    assert.deepEqual(readAnew(), read())
    heap.writeWord(map, heap.writePointers(21, entries.slice(3)))
    assert.deepEqual(read(), readAnew())
    assert.equal(Object.keys(read()).length, entries.length - 3)
  })

  it('are read anew after the memory was put back', () => {
    const { heap, type, memory, map, valueOf } = start()
    heap.bytes()[heap.readWord(heap.readWord(valueOf('owner') + PAYLOAD) + 4)] = 99
    heap.reset(1024)
    assert.deepEqual((memory.read(map, type, ID)['owner'] as Uint8Array)[0], 99)
  })

  it('come back when there are more of them than are remembered', () => {
    const { heap, type, memory } = start()
    const maps = Array.from({ length: 300 }, (_, count) => memory.write(type, ID, { ...thing, count }))
    maps.forEach((map, count) => assert.deepEqual(memory.read(map, type, ID), { ...thing, count }))
    assert.ok(heap.bytes().length > 65_536)
  })

  it('are refused with fields that the schema does not have', () => {
    const { heap, map, entryOf, read } = start()
    heap.writeWord(entryOf('flag'), heap.writeString('flags'))
    assert.ok(map > 0)
    assert.throws(read, isRunnerError('MAPPING_FAILED', /Attempted to set undefined fields \[flags\]/))
  })
})
