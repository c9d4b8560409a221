import { getAddress, isHex } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { isHandle } from '../social/index.ts'

const ADDRESS_BYTES = 20
const MAX_DIGITS = 78
const MAX_UINT256 = 2n ** 256n - 1n
const MAX_INT64 = 2n ** 63n - 1n

/**
 * The fields of one object of an answer. Each is read as what the schema says it is, or the answer is refused with
 * `PROTOCOL_VIOLATION`: whoever runs an index may send anything.
 */
export type Fields = {
  /** Whether there is nothing under a name, which the schema allows for some. */
  isNull(name: string): boolean
  /** `Bytes` of exactly so many, in lower case. */
  hex(name: string, bytes: number): Hex
  /** `Bytes` of any length up to a bound: an id that is nothing but an id. */
  id(name: string): Hex
  /** `Bytes` of twenty, with the checksum's capitals. */
  address(name: string): Address
  /** `Int` from zero, or within other bounds. */
  count(name: string, least?: number, most?: number): number
  /** `Int8` of seconds or blocks: from zero, and exact as a number. */
  time(name: string): number
  /** `Int8` as it is. */
  int64(name: string): bigint
  /** `BigInt` that a `uint256` holds. */
  amount(name: string): bigint
  /** A handle, or null where there is none, or one that the contract would not have taken. */
  handle(name: string): string | null
  /** A stranger's words, cut to a length. */
  message(name: string, max: number): string
  one(name: string): Fields
  /** A list of at most `max`. */
  many<value>(name: string, max: number, read: (entry: Fields) => value): value[]
}

/** Reads an object of an answer; `path` names it in errors. */
export function fieldsOf(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(path, 'an object')
  const at = (name: string) => `${path}.${name}`
  const get = (name: string): unknown => (Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null)
  const hex = (name: string, least: number, most: number): Hex => {
    const text = get(name)
    const fits = isHex(text) && text.length % 2 === 0 && text.length >= 2 + 2 * least && text.length <= 2 + 2 * most
    if (!fits) throw refuse(at(name), least === most ? `${least} bytes` : `at most ${most} bytes`)
    return text.toLowerCase() as Hex
  }
  const integer = (name: string, least: bigint, most: bigint): bigint => {
    const text = get(name)
    const read =
      typeof text === 'string' && text.length <= MAX_DIGITS && /^-?\d+$/.test(text) ? BigInt(text) : least - 1n
    if (read < least || read > most) throw refuse(at(name), `a decimal from ${least} to ${most}`)
    return read
  }
  return {
    isNull: (name) => (get(name) ?? null) === null,
    hex: (name, bytes) => hex(name, bytes, bytes),
    id: (name) => hex(name, 1, MAX_ID_BYTES),
    address: (name) => getAddress(hex(name, ADDRESS_BYTES, ADDRESS_BYTES)),
    count(name, least = 0, most = MAX_INT) {
      const number = get(name)
      if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number
      throw refuse(at(name), `a number from ${least} to ${most}`)
    },
    time: (name) => Number(integer(name, 0n, BigInt(Number.MAX_SAFE_INTEGER))),
    int64: (name) => integer(name, -MAX_INT64 - 1n, MAX_INT64),
    amount: (name) => integer(name, 0n, MAX_UINT256),
    handle(name) {
      const text = get(name)
      return typeof text === 'string' && isHandle(text) ? text : null
    },
    message(name, max) {
      const text = get(name)
      if (typeof text !== 'string') throw refuse(at(name), 'text')
      return text.slice(0, max).toWellFormed()
    },
    one: (name) => fieldsOf(get(name), at(name)),
    many(name, max, read) {
      const list = get(name)
      if (!Array.isArray(list) || list.length > max) throw refuse(at(name), `a list of at most ${max}`)
      return list.map((entry: unknown, index) => read(fieldsOf(entry, `${at(name)}[${index}]`)))
    },
  }
}

/** The longest id of the schema is 44 bytes; The Graph has no bound of its own. */
const MAX_ID_BYTES = 128
/** GraphQL's `Int` has 32 bits. */
const MAX_INT = 2 ** 31 - 1

function refuse(path: string, expected: string): SluiceError {
  return new SluiceError('PROTOCOL_VIOLATION', `The index sent something else than ${expected} as ${path}.`, {
    hint: 'The index is of another version, or not to be trusted. Name another one.',
  })
}
