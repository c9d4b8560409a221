import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseSchema } from '../schema/index.ts'
import type { Field } from '../schema/index.ts'
import { MAX_BIGINT_BITS, decodeBigInt, decodeValue, encodeBigInt, encodeValue } from './values.ts'
import type { PlainValue } from './values.ts'

const LARGEST = 2n ** BigInt(MAX_BIGINT_BITS) - 1n
const RUNS = { numRuns: 1000 }

/** Numbers of every length, so that neighbours in length and sign meet. */
const numbers = fc
  .tuple(fc.integer({ min: 0, max: 2000 }), fc.bigInt({ min: 0n, max: 2n ** 64n }), fc.boolean())
  .map(([bits, low, negative]) => {
    const magnitude = (1n << BigInt(bits)) - (low >> BigInt(Math.max(0, 64 - bits)))
    return negative ? -magnitude : magnitude
  })

describe('BigInts as bytes', () => {
  it('sort as the numbers do, over every length and both signs', () => {
    fc.assert(
      fc.property(numbers, numbers, (left, right) => {
        const order = Buffer.compare(encodeBigInt(left), encodeBigInt(right))
        assert.equal(order, left < right ? -1 : left > right ? 1 : 0)
      }),
      RUNS,
    )
  })

  it('sort as the numbers do at the edges of every length', () => {
    const edges = [0n, ...[8, 64, 256, 1000, 1008, 1009, 1016, 4096, MAX_BIGINT_BITS - 1].flatMap(around)]
    const sorted = [...edges, -LARGEST, LARGEST].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
    const encoded = sorted.map(encodeBigInt)
    assert.deepEqual(
      [...encoded].sort((left, right) => Buffer.compare(left, right)),
      encoded,
    )
  })

  it('sort in SQL as they do in memory', () => {
    const database = new DatabaseSync(':memory:')
    database.exec('CREATE TABLE numbers (value BLOB) STRICT')
    const insert = database.prepare('INSERT INTO numbers VALUES (?)')
    const values = fc.sample(numbers, { numRuns: 500, seed: 1 })
    for (const value of values) insert.run(encodeBigInt(value))
    const rows = database.prepare('SELECT value FROM numbers ORDER BY value').all()
    const sorted = [...values].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
    assert.deepEqual(
      rows.map((row) => decodeBigInt(row['value'] as Uint8Array)),
      sorted,
    )
    database.close()
  })

  it('come back as they were', () => {
    fc.assert(
      fc.property(numbers, (value) => assert.equal(decodeBigInt(encodeBigInt(value)), value)),
      RUNS,
    )
    for (const value of [LARGEST, -LARGEST]) assert.equal(decodeBigInt(encodeBigInt(value)), value)
  })

  it('are refused beyond what graph-node keeps', () => {
    assert.throws(() => encodeBigInt(1n << 435_424n), { code: 'VALUE_INVALID' })
  })

  it('are refused when the bytes are no encoding', () => {
    for (const bytes of [[], [0x81], [0x7e], [0x82, 1], [0xff], [0xff, 0, 0, 0, 2, 1]])
      assert.throws(() => decodeBigInt(Uint8Array.from(bytes)), { code: 'VALUE_INVALID' })
  })
})

describe('values of fields', () => {
  const entity = parseSchema(`
    enum Color { RED BLUE }
    type Thing @entity {
      id: Bytes!
      text: String
      color: Color
      bytes: Bytes
      int: Int
      int8: Int8
      big: BigInt
      flag: Boolean
      time: Timestamp
      texts: [String!]
      colors: [Color!]
      blobs: [Bytes!]
      ints: [Int!]
      longs: [Int8!]
      bigs: [BigInt!]
      flags: [Boolean!]
      others: [Thing!]
    }`).entities.get('Thing')!
  const field = (name: string): Field => entity.field(name)!
  const bytes = fc.uint8Array({ maxLength: 40 })
  const int8 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''))
  const scalars: Record<string, fc.Arbitrary<PlainValue>> = {
    text,
    color: fc.constantFrom('RED', 'BLUE'),
    bytes,
    int: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    int8,
    big: numbers,
    flag: fc.boolean(),
    time: int8,
  }
  const lists: Record<string, fc.Arbitrary<PlainValue>> = {
    texts: fc.array(text),
    colors: fc.array(fc.constantFrom('RED', 'BLUE')),
    blobs: fc.array(bytes),
    ints: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
    longs: fc.array(int8),
    bigs: fc.array(numbers),
    flags: fc.array(fc.boolean()),
    others: fc.array(bytes),
  }

  for (const [name, values] of Object.entries({ ...scalars, ...lists }))
    it(`come back as they were: ${name}`, () => {
      fc.assert(
        fc.property(fc.option(values), (value) =>
          assert.deepEqual(decodeValue(field(name), encodeValue(field(name), value)), value),
        ),
        { numRuns: 200 },
      )
    })

  it('come back when SQLite gives every integer as a bigint', () => {
    assert.equal(decodeValue(field('int'), -5n), -5)
    assert.equal(decodeValue(field('flag'), 1n), true)
    assert.equal(decodeValue(field('int8'), 7), 7n)
  })

  it('are refused when they are of another type, out of range or missing', () => {
    const wrong: [string, PlainValue | undefined][] = [
      ['text', 1],
      ['bytes', '0x00'],
      ['int', 2 ** 31],
      ['int', 0.5],
      ['int8', 2n ** 63n],
      ['int8', 1],
      ['big', 1],
      ['flag', 'true'],
      ['texts', 'one'],
      ['texts', [1]],
      ['texts', [null]],
      ['text', ['one']],
      ['id', null],
      ['id', undefined],
    ]
    for (const [name, value] of wrong)
      assert.throws(() => encodeValue(field(name), value), { code: 'VALUE_INVALID' }, `${name}: ${String(value)}`)
  })

  it('lose NUL characters, as in graph-node', () => {
    assert.equal(encodeValue(field('text'), 'a\0b\0'), 'ab')
    assert.equal(encodeValue(field('texts'), ['a\0']), '["a"]')
  })
})

function around(bits: number): bigint[] {
  const power = 1n << BigInt(bits)
  return [power - 1n, power, power + 1n, 1n - power, -power, -1n - power]
}
