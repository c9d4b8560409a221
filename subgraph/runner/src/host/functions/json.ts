import { RunnerError } from '../../errors.ts'
import { TYPE } from '../heap.ts'
import type { Heap, Pointer } from '../heap.ts'
import type { HostFunctions } from '../module.ts'
import { readText } from '../store-values.ts'
import { parseNumber, writeNumber } from './numbers.ts'

/** graph-ts `JSONValueKind`, packages/ts/common/value.ts. */
const KIND = { null: 0, bool: 1, number: 2, string: 3, array: 4, object: 5 } as const
/** graph-node, runtime/wasm/src/host_exports.rs, `MAX_JSON_SIZE`. */
const MAX_BYTES = 10_000_000
/** What serde_json follows before it gives up. */
const MAX_DEPTH = 128

/** A number keeps the digits it was written with: JSON numbers may be larger than doubles hold. */
class Digits {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** `json.*`: graph-node, runtime/wasm/src/host_exports.rs and to_from/external.rs. Objects are sorted by key, as there. */
export const JSON_FUNCTIONS: HostFunctions = {
  'json.fromBytes': (heap, at = 0) => {
    const parsed = parse(heap.readBytes(at))
    if (parsed !== undefined) return writeJson(heap, parsed.value, 0)
    throw new RunnerError('MAPPING_FAILED', 'Failed to parse JSON from byte array.')
  },
  'json.try_fromBytes': (heap, at = 0) => {
    const parsed = parse(heap.readBytes(at))
    const value = parsed === undefined ? 0 : wrap(heap, TYPE.wrappedJson, writeJson(heap, parsed.value, 0))
    const error = parsed === undefined ? wrap(heap, TYPE.wrappedBool, 1) : 0
    const result = heap.object(TYPE.resultJson, 8)
    heap.writeWord(result, value)
    heap.writeWord(result + 4, error)
    return result
  },
  'json.toI64': (heap, at = 0) => integer(readText(heap, at), 'i64', BigInt.asIntN),
  'json.toU64': (heap, at = 0) => integer(readText(heap, at), 'u64', BigInt.asUintN),
  'json.toF64': (heap, at = 0) => {
    const text = readText(heap, at)
    if (text.trim() !== text || text === '' || Number.isNaN(Number(text)))
      throw new RunnerError('MAPPING_FAILED', `JSON \`${text}\` cannot be parsed as f64`)
    return Number(text)
  },
  'json.toBigInt': (heap, at = 0) => writeNumber(heap, parseNumber(readText(heap, at))),
}

function integer(text: string, type: string, wrapAt: (bits: number, value: bigint) => bigint): bigint {
  const value = /^-?\d{1,20}$/.test(text) ? BigInt(text) : undefined
  if (value !== undefined && wrapAt(64, value) === value) return BigInt.asIntN(64, value)
  throw new RunnerError('MAPPING_FAILED', `JSON \`${text}\` cannot be parsed as ${type}`)
}

/** Undefined for what is no JSON, too large, or no UTF-8. */
function parse(bytes: Uint8Array): { readonly value: unknown } | undefined {
  if (bytes.length > MAX_BYTES) return undefined
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    const revive = (_key: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value
    return { value: JSON.parse(text, revive) as unknown }
  } catch {
    return undefined
  }
}

function writeJson(heap: Heap, value: unknown, depth: number): Pointer {
  if (depth > MAX_DEPTH) throw new RunnerError('MAPPING_FAILED', 'recursion limit exceeded')
  if (value === null) return writePayload(heap, KIND.null, 0)
  if (typeof value === 'boolean') return writePayload(heap, KIND.bool, Number(value))
  if (value instanceof Digits) return writePayload(heap, KIND.number, heap.writeString(value.text))
  if (typeof value === 'string') return writePayload(heap, KIND.string, heap.writeString(value))
  if (Array.isArray(value)) {
    const items = value.map((item) => writeJson(heap, item, depth + 1))
    return writePayload(heap, KIND.array, heap.writePointers(TYPE.arrayJsonValue, items))
  }
  return writePayload(heap, KIND.object, writeObject(heap, value as Record<string, unknown>, depth))
}

function writeObject(heap: Heap, value: Record<string, unknown>, depth: number): Pointer {
  const entries = Object.keys(value)
    .sort()
    .map((name) => {
      const [key, item] = [heap.writeString(name), writeJson(heap, value[name], depth + 1)]
      const entry = heap.object(TYPE.entryJson, 8)
      heap.writeWord(entry, key)
      heap.writeWord(entry + 4, item)
      return entry
    })
  return wrap(heap, TYPE.mapJson, heap.writePointers(TYPE.arrayEntryJson, entries))
}

function wrap(heap: Heap, type: typeof TYPE.mapJson | typeof TYPE.wrappedJson | typeof TYPE.wrappedBool, word: number) {
  const at = heap.object(type, 4)
  heap.writeWord(at, word)
  return at
}

function writePayload(heap: Heap, kind: number, payload: number): Pointer {
  const at = heap.object(TYPE.jsonValue, 16)
  heap.writeWord(at, kind)
  heap.writeWord(at + 8, payload)
  return at
}
