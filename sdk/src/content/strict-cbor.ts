import { decode, encode } from '@ipld/dag-cbor'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { CID } from 'multiformats/cid'
import type { SluiceError } from '../errors.ts'
import { equalBytes } from './bytes.ts'
import { isSupportedCid } from './cid.ts'

/** Makes the error for a hostile or broken block, from what is wrong with it. */
export type Refuse = (reason: string) => SluiceError

type Bounds = { readonly min?: number; readonly max: number }

/**
 * Reads a dag-cbor map from outside, field by field, each one bounded. Whoever reads calls {@link MapReader.end} when
 * done, which refuses fields that nobody asked for.
 */
export class MapReader {
  readonly #fields: Map<string, unknown>
  readonly #refuse: Refuse

  constructor(value: unknown, refuse: Refuse) {
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
      throw refuse('not a map')
    }
    this.#fields = new Map(Object.entries(value))
    this.#refuse = refuse
  }

  uint(name: string, { min = 0, max }: Bounds): number {
    const value = this.#take(name)
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw this.#refuse(`${name} is not a number from ${min} to ${max}`)
    }
    return value
  }

  bool(name: string): boolean {
    const value = this.#take(name)
    if (typeof value !== 'boolean') throw this.#refuse(`${name} is not true or false`)
    return value
  }

  /** Text of `min` to `max` UTF-16 units. */
  text(name: string, { min = 0, max }: Bounds): string {
    const value = this.#take(name)
    if (typeof value !== 'string' || value.length < min || value.length > max || !value.isWellFormed()) {
      throw this.#refuse(`${name} is not text of ${min} to ${max} characters`)
    }
    return value
  }

  oneOf<const Choice extends string>(name: string, choices: readonly Choice[]): Choice {
    const value = this.#take(name)
    const choice = choices.find((candidate) => candidate === value)
    if (choice === undefined) throw this.#refuse(`${name} is none of ${choices.join(', ')}`)
    return choice
  }

  bytes(name: string, { min = 0, max }: Bounds): Uint8Array {
    const value = this.#take(name)
    if (!(value instanceof Uint8Array) || value.length < min || value.length > max) {
      throw this.#refuse(`${name} is not ${min} to ${max} bytes`)
    }
    return value
  }

  fixedBytes(name: string, size: number): Uint8Array {
    return this.bytes(name, { min: size, max: size })
  }

  /** Bytes of a fixed size, as the chain's side of the code holds them. */
  hex(name: string, size: number): Hex {
    return bytesToHex(this.fixedBytes(name, size))
  }

  cid(name: string): CID {
    const cid = CID.asCID(this.#take(name))
    if (cid === null || !isSupportedCid(cid)) throw this.#refuse(`${name} is not a CID that Sluice knows`)
    return cid
  }

  map<T>(name: string, read: (reader: MapReader) => T): T {
    return readMap(this.#take(name), this.#nested(name), read)
  }

  list<T>(name: string, { min = 0, max }: Bounds, read: (reader: MapReader) => T): T[] {
    const value = this.#take(name)
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      throw this.#refuse(`${name} is not a list of ${min} to ${max}`)
    }
    return value.map((item: unknown) => readMap(item, this.#nested(name), read))
  }

  has(name: string): boolean {
    return this.#fields.has(name)
  }

  end(): void {
    const [unknown] = this.#fields.keys()
    if (unknown !== undefined) throw this.#refuse(`unknown field ${unknown.slice(0, 40)}`)
  }

  #take(name: string): unknown {
    const value = this.#fields.get(name)
    if (value === undefined) throw this.#refuse(`${name} is missing`)
    this.#fields.delete(name)
    return value
  }

  #nested(name: string): Refuse {
    return (reason) => this.#refuse(`${name}: ${reason}`)
  }
}

/** Encodes a map canonically; `undefined` fields are left out. */
export function encodeMap(fields: Readonly<Record<string, unknown>>): Uint8Array {
  return encode(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
}

/** Decodes a map of at most `maxBytes`, in the one canonical encoding, and reads all of it. */
export function decodeMap<T>(bytes: Uint8Array, maxBytes: number, refuse: Refuse, read: (reader: MapReader) => T): T {
  if (bytes.length > maxBytes) throw refuse(`more than ${maxBytes} bytes`)
  return readMap(decodeCanonical(bytes, refuse), refuse, read)
}

/** Fixed-size bytes for a field that is held as hex. */
export function hexField(value: Hex): Uint8Array {
  return hexToBytes(value)
}

function readMap<T>(value: unknown, refuse: Refuse, read: (reader: MapReader) => T): T {
  const reader = new MapReader(value, refuse)
  const result = read(reader)
  reader.end()
  return result
}

function decodeCanonical(bytes: Uint8Array, refuse: Refuse): unknown {
  try {
    const value: unknown = decode(bytes)
    if (equalBytes(encode(value), bytes)) return value
  } catch {
    throw refuse('not dag-cbor')
  }
  throw refuse('not the canonical encoding')
}
