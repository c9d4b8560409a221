import type { AbiParameter } from 'viem'
import { RunnerError } from '../errors.ts'
import { TYPE } from './heap.ts'
import type { Heap, Pointer } from './heap.ts'

/** graph-ts `ethereum.ValueKind`, packages/ts/chain/ethereum.ts. */
export const ETHEREUM_KIND = {
  address: 0,
  fixedBytes: 1,
  bytes: 2,
  int: 3,
  uint: 4,
  bool: 5,
  string: 6,
  fixedArray: 7,
  array: 8,
  tuple: 9,
} as const

/** What could not be decoded: a log that another event with the same topic has left. */
export class UndecodableError extends Error {}

/** Writes the value whose head is at `head` of `data`; offsets count from `base`. */
type Write = (heap: Heap, data: Buffer, head: number, base: number) => Pointer

/** How one type of the ABI is read, per https://docs.soliditylang.org/en/latest/abi-spec.html. */
export type Codec = {
  /** Bytes in the head: 32, or more for a static tuple or array. */
  readonly headBytes: number
  readonly isDynamic: boolean
  readonly write: Write
}

const WORD = 32
const ADDRESS = 20
const VALUE_BYTES = 16
/** Deeper nesting than any contract has. */
const MAX_DEPTH = 16

/** Compiles a parameter of an ABI into what writes its `ethereum.Value`. Throws MANIFEST_INVALID for unknown types. */
export function compileParameter(parameter: AbiParameter, depth = 0): Codec {
  if (depth > MAX_DEPTH) throw new RunnerError('MANIFEST_INVALID', `The type ${parameter.type} is nested too deeply.`)
  const array = /^(.*)\[(\d*)\]$/.exec(parameter.type)
  if (array !== null) {
    const [, type = '', length = ''] = array
    const item = compileParameter({ ...parameter, type }, depth + 1)
    return length === '' ? compileArray(item) : compileFixedArray(item, Number(length))
  }
  if (parameter.type === 'tuple') {
    const components = 'components' in parameter ? parameter.components : []
    return compileTuple(components.map((component) => compileParameter(component, depth + 1)))
  }
  return compileScalar(parameter.type)
}

function compileScalar(type: string): Codec {
  if (type === 'string') return dynamic(writeString)
  if (type === 'bytes') return dynamic(writeBytes)
  if (type === 'bool') return fixed(ETHEREUM_KIND.bool, (_heap, data, at) => data[at + WORD - 1] ?? 0)
  if (type === 'address') {
    return fixed(ETHEREUM_KIND.address, (heap, data, at) => heap.writeBytes(data, at + WORD - ADDRESS, ADDRESS))
  }
  if (/^u?int\d*$/.test(type)) {
    const isSigned = type.startsWith('int')
    const kind = isSigned ? ETHEREUM_KIND.int : ETHEREUM_KIND.uint
    return fixed(kind, (heap, data, at) => heap.writeReversed(data, at, WORD, isSigned))
  }
  const size = sizeOfBytes(type)
  return fixed(ETHEREUM_KIND.fixedBytes, (heap, data, at) => heap.writeBytes(data, at, size))
}

/** Of `bytes1` to `bytes32`, and of `function`, which is an address and a selector. */
function sizeOfBytes(type: string): number {
  const size = type === 'function' ? 24 : Number(/^bytes(\d+)$/.exec(type)?.[1])
  if (size >= 1 && size <= WORD) return size
  throw new RunnerError('MANIFEST_INVALID', `The ABI has a type "${type}".`)
}

/** A type of one word, at `at`; `toPayload` gives what its value points to, or is. */
function fixed(kind: number, toPayload: (heap: Heap, data: Uint8Array, at: number) => number): Codec {
  const write: Write = (heap, data, head) => {
    if (head + WORD > data.length) throw new UndecodableError()
    return writeValue(heap, kind, toPayload(heap, data, head))
  }
  return { headBytes: WORD, isDynamic: false, write }
}

function dynamic(write: (heap: Heap, data: Buffer, at: number) => Pointer): Codec {
  return {
    headBytes: WORD,
    isDynamic: true,
    write: (heap, data, head, base) => write(heap, data, base + readLength(data, head)),
  }
}

function writeString(heap: Heap, data: Buffer, at: number): Pointer {
  // Bytes that are no UTF-8 become U+FFFD, as in graph-node.
  const text = data.toString('utf8', at + WORD, at + WORD + contentLength(data, at))
  return writeValue(heap, ETHEREUM_KIND.string, heap.writeString(text))
}

function writeBytes(heap: Heap, data: Buffer, at: number): Pointer {
  const length = contentLength(data, at)
  return writeValue(heap, ETHEREUM_KIND.bytes, heap.writeBytes(data, at + WORD, length))
}

function compileArray(item: Codec): Codec {
  return dynamic((heap, data, at) => {
    const length = readLength(data, at)
    // Every element takes a word at least; one that takes none could be there any number of times.
    if (length * WORD > data.length) throw new UndecodableError()
    return writeItems(heap, ETHEREUM_KIND.array, data, at + WORD, Array<Codec>(length).fill(item))
  })
}

function compileFixedArray(item: Codec, length: number): Codec {
  if (length > 4096) throw new RunnerError('MANIFEST_INVALID', `The ABI has an array of ${length} elements.`)
  return compileSequence(ETHEREUM_KIND.fixedArray, Array<Codec>(length).fill(item))
}

function compileTuple(components: readonly Codec[]): Codec {
  return compileSequence(ETHEREUM_KIND.tuple, components)
}

function compileSequence(kind: number, items: readonly Codec[]): Codec {
  if (items.some(({ isDynamic }) => isDynamic)) {
    return dynamic((heap, data, at) => writeItems(heap, kind, data, at, items))
  }
  return {
    headBytes: items.reduce((sum, { headBytes }) => sum + headBytes, 0),
    isDynamic: false,
    write: (heap, data, head) => writeItems(heap, kind, data, head, items),
  }
}

function writeItems(heap: Heap, kind: number, data: Buffer, base: number, items: readonly Codec[]): Pointer {
  let head = base
  const pointers = items.map((item) => {
    const pointer = item.write(heap, data, head, base)
    head += item.headBytes
    return pointer
  })
  return writeValue(heap, kind, heap.writePointers(TYPE.arrayEthereumValue, pointers))
}

/** An `ethereum.Value` with a pointer, or a boolean, as its payload. */
function writeValue(heap: Heap, kind: number, payload: number): Pointer {
  const at = heap.object(TYPE.ethereumValue, VALUE_BYTES)
  heap.writeWord(at, kind)
  heap.writeWord(at + 8, payload)
  return at
}

/** A length or an offset; what does not fit into the data points nowhere. */
function readLength(data: Buffer, at: number): number {
  if (at + WORD > data.length) throw new UndecodableError()
  const length = data.readUInt32BE(at + WORD - 4)
  if (length > data.length) throw new UndecodableError()
  for (let index = at; index < at + WORD - 4; index += 1) if (data[index] !== 0) throw new UndecodableError()
  return length
}

/** Of what follows its length: all of it is there. */
function contentLength(data: Buffer, at: number): number {
  const length = readLength(data, at)
  if (at + WORD + length > data.length) throw new UndecodableError()
  return length
}
