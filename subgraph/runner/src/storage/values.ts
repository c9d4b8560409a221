import { RunnerError } from '../errors.ts'
import type { Field, ValueType } from '../schema/index.ts'
import { decodeBigInt, encodeBigInt } from './bigint-order.ts'
import { toHex } from './hex.ts'

export { MAX_BIGINT_BITS, decodeBigInt, encodeBigInt } from './bigint-order.ts'
export { toHex } from './hex.ts'

/**
 * A field's value in memory, by its `valueType`: `String` a string, `Bytes` a Uint8Array, `Int` a number, `Int8`,
 * `BigInt` and `Timestamp` (microseconds since 1970) a bigint, `Boolean` a boolean; an array of those for a list.
 */
export type PlainValue = string | number | bigint | boolean | Uint8Array | null | readonly PlainValue[]

/** An entity in memory: field name to value; derived fields are never in it. */
export type Entity = Record<string, PlainValue>

/** What node:sqlite takes for a parameter and gives for a column. */
export type ColumnValue = null | number | bigint | string | Uint8Array

const INT8_BITS = 64

/**
 * A field's value as its column keeps it. Lists become JSON of their elements, BigInts bytes that sort as the numbers do.
 * NUL characters are taken out of strings, as graph-node does for Postgres (graph/src/data/store/mod.rs).
 * @throws RunnerError `VALUE_INVALID` for a value of another type or out of range, and for null where `!` forbids it
 */
export function encodeValue(field: Field, value: PlainValue | undefined): ColumnValue {
  if (value === null || value === undefined) {
    if (field.isRequired)
      throw new RunnerError('VALUE_INVALID', `missing value for non-nullable field \`${field.name}\``)
    return null
  }
  if (!field.isList) return encodeScalar(field.valueType, value, field.name)
  if (!isList(value)) throw unfit(field.name, `[${field.valueType}]`)
  return JSON.stringify(value.map((element) => encodeElement(field.valueType, element, field.name)))
}

/** One element of a list, or the value of a field that is none, as SQL compares it. */
export function encodeScalar(type: ValueType, value: PlainValue, name: string): Exclude<ColumnValue, null> {
  const column = ENCODERS[type](value)
  if (column === undefined) throw unfit(name, type)
  return column
}

type Encoder = (value: PlainValue) => Exclude<ColumnValue, null> | undefined

const encodeInt64: Encoder = (value) =>
  typeof value === 'bigint' && BigInt.asIntN(INT8_BITS, value) === value ? value : undefined

/** Undefined for a value that is not of the type. */
const ENCODERS: Readonly<Record<ValueType, Encoder>> = {
  String: (value) => {
    if (typeof value !== 'string') return undefined
    return value.includes('\0') ? value.replaceAll('\0', '') : value
  },
  Bytes: (value) => (value instanceof Uint8Array ? value : undefined),
  Int: (value) => (typeof value === 'number' && (value | 0) === value ? value : undefined),
  Int8: encodeInt64,
  Timestamp: encodeInt64,
  BigInt: (value) => (typeof value === 'bigint' ? encodeBigInt(value) : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? Number(value) : undefined),
}

/** One element as the JSON of a list holds it: 64 bits and more as decimal strings, bytes as 0x hex. */
export function encodeElement(type: ValueType, value: PlainValue, name: string): string | number | boolean {
  const column = encodeScalar(type, value, name)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'boolean') return value
  if (column instanceof Uint8Array) return toHex(column)
  return typeof column === 'bigint' ? column.toString() : column
}

/** The value a column keeps. Integers may come as number or bigint, whichever the statement reads. */
export function decodeValue(field: Field, column: ColumnValue): PlainValue {
  if (column === null) return null
  if (!field.isList) return decodeScalar(field.valueType, column)
  const elements: unknown = typeof column === 'string' ? JSON.parse(column) : undefined
  if (!Array.isArray(elements)) throw unfit(field.name, 'list')
  return elements.map((element) => decodeElement(field.valueType, element, field.name))
}

function decodeScalar(type: ValueType, column: Exclude<ColumnValue, null>): PlainValue {
  switch (type) {
    case 'String':
    case 'Bytes':
      return column
    case 'Int':
      return Number(column)
    case 'Int8':
    case 'Timestamp':
      return typeof column === 'number' ? BigInt(column) : column
    case 'Boolean':
      return Number(column) !== 0
    case 'BigInt':
      if (column instanceof Uint8Array) return decodeBigInt(column)
      throw unfit('BigInt', type)
  }
}

function decodeElement(type: ValueType, element: unknown, name: string): PlainValue {
  if (typeof element === 'boolean' || typeof element === 'number') return element
  if (typeof element !== 'string') throw unfit(name, type)
  if (type === 'Bytes') return fromHex(element)
  return type === 'String' ? element : BigInt(element)
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.slice(2), 'hex'))
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value)
}

function unfit(name: string, type: string): RunnerError {
  return new RunnerError('VALUE_INVALID', `The value of \`${name}\` is not of type ${type}`)
}
