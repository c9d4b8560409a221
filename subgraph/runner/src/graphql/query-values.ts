import type { Field, ValueType } from '../schema/index.ts'
import { encodeScalar } from '../storage/values.ts'
import type { ColumnValue, PlainValue } from '../storage/values.ts'
import { queryErrors } from './errors.ts'
import { sql } from './sql.ts'
import type { Sql } from './sql.ts'

type Encoded = Exclude<ColumnValue, null>

/** A value of a query, as the column of that field keeps it. */
export function toColumnValue(field: Field, value: unknown): Encoded {
  return encodeScalar(field.valueType, toPlainValue(field, value), field.name)
}

/** A value of a query in memory; the API's scalars have made numbers of numbers, bytes and ids are still hex. */
export function toPlainValue(field: Field, value: unknown): PlainValue {
  switch (field.valueType) {
    case 'Bytes':
      if (typeof value === 'string') return parseHex(value)
      break
    case 'Int8':
    case 'Timestamp':
      if (typeof value === 'number' || typeof value === 'string') return parseInt64(field.valueType, value)
      if (typeof value === 'bigint') return value
      break
    case 'String':
      if (typeof value === 'string') return value
      break
    case 'BigInt':
      if (typeof value === 'bigint') return value
      break
    case 'Int':
      if (typeof value === 'number') return value
      break
    case 'Boolean':
      if (typeof value === 'boolean') return value
  }
  throw queryErrors.valueType(String(value), field.type)
}

/** Values as a table of one column `value`, by one bound parameter however many there are. */
export function valueList(type: ValueType, values: readonly Encoded[]): Sql {
  const list = `[${values.map(toJson).join(',')}]`
  return type === 'Bytes' || type === 'BigInt'
    ? sql`(SELECT unhex(value) AS value FROM json_each(${list}))`
    : sql`(SELECT value FROM json_each(${list}))`
}

/** A column's value as JSON: bytes as hex, 64-bit numbers with all their digits, which SQLite's JSON keeps. */
export function toJson(value: Encoded): string {
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('hex')}"`
  return typeof value === 'string' ? JSON.stringify(value) : value.toString()
}

/** graph-node, graph/src/data/store/scalar/bytes.rs: hex, with or without 0x. */
export function parseHex(text: string): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : text
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits)) throw queryErrors.valueParse('Bytes', `not hex: ${text.slice(0, 100)}`)
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}

function parseInt64(type: string, value: number | string): bigint {
  const text = String(value)
  if (!/^-?\d{1,19}$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text))
    throw queryErrors.valueParse(type, text.slice(0, 100))
  return BigInt(text)
}
