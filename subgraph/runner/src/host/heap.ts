import { RunnerError } from '../errors.ts'
import { fromSignedBytes, scratchBytes, toScratch, toSignedBytes } from './big-int.ts'

/**
 * Which AssemblyScript class an object is of: the numbers that graph-ts gives to `id_of_type`
 * (graph-tooling, packages/ts/global/global.ts), the same as graph-node's `IndexForAscTypeId`.
 */
export const TYPE = {
  string: 0,
  arrayBuffer: 1,
  uint8Array: 6,
  arrayUint8Array: 14,
  arrayEthereumValue: 15,
  arrayStoreValue: 16,
  arrayJsonValue: 17,
  arrayString: 18,
  arrayEventParam: 19,
  arrayEntryJson: 20,
  arrayEntryStore: 21,
  eventParam: 23,
  transaction: 24,
  block: 25,
  ethereumValue: 30,
  storeValue: 31,
  jsonValue: 32,
  event: 33,
  entryStore: 34,
  entryJson: 35,
  mapStore: 36,
  mapJson: 37,
  resultJson: 40,
  wrappedBool: 28,
  wrappedJson: 29,
  receipt: 1000,
  log: 1001,
  arrayH256: 1002,
  arrayLog: 1003,
} as const

/** What a class of TYPE is called there. */
export type TypeIndex = (typeof TYPE)[keyof typeof TYPE]

/** A pointer to the content of an object; 0 is null. */
export type Pointer = number

/** What the heap needs of the module that owns it. */
export type HeapModule = {
  readonly memory: WebAssembly.Memory
  /** `__alloc`: room for so many bytes that the module will never touch; 16-byte aligned. */
  readonly allocate: (bytes: number) => Pointer
  readonly idOfType: (index: TypeIndex) => number
}

/** Objects in the memory of a module, laid out as AssemblyScript 0.19 lays them out. */
export type Heap = {
  /** Room for an object of `bytes` bytes, zeroed. */
  readonly object: (type: TypeIndex, bytes: number) => Pointer
  readonly readWord: (at: Pointer) => number
  readonly writeWord: (at: Pointer, value: number) => void
  readonly readLong: (at: Pointer) => bigint
  readonly writeLong: (at: Pointer, value: bigint) => void
  readonly readString: (at: Pointer) => string
  readonly writeString: (text: string) => Pointer
  /** A string of those that were interned, or a new one. Strings never change, so that all may share one. */
  readonly writeName: (text: string) => Pointer
  /** Whether what is there is as it was when the module was loaded, and stays so: a literal, or an interned string. */
  readonly isStatic: (at: Pointer) => boolean
  /** Writes strings that stay: before the module's memory is remembered as what it is put back to. */
  readonly intern: (names: Iterable<string>) => void
  /** A copy of a typed array's bytes. */
  readonly readBytes: (at: Pointer) => Uint8Array<ArrayBuffer>
  readonly writeBytes: (bytes: Uint8Array) => Pointer
  /** A `BigInt`: an array of bytes in two's complement, the lowest first. */
  readonly readSigned: (at: Pointer) => bigint
  readonly writeSigned: (value: bigint) => Pointer
  readonly readPointers: (at: Pointer) => Pointer[]
  readonly writePointers: (type: TypeIndex, pointers: readonly Pointer[]) => Pointer
  /** Runs `write` once and replays the bytes it left, as long as it starts where it did: at the start of a handler. */
  readonly replay: (template: Template, write: () => Pointer) => Pointer
  /** The module ran, and may have made its memory grow, which gives it another buffer. */
  readonly refresh: () => void
  /** The module's memory was put back; what was allocated is gone. `staticEnd` is where memory starts that handlers use. */
  readonly reset: (staticEnd: Pointer) => void
}

/** What `Heap.replay` remembers of one piece of writing. */
export type Template = { bytes?: Uint8Array; start: Pointer; result: Pointer }

/** mmInfo, gcInfo, gcInfo2, rtId, rtSize: https://www.assemblyscript.org/runtime.html#header-layout */
const HEADER_BYTES = 20
/** Where `allocate` points is 16-byte aligned, and so must content be: the header goes 12 bytes further. */
const ARENA_OFFSET = 12
const ARENA_BYTES = 16_384
/** Longer than anything in a transaction; a corrupt length must not ask for memory. */
const MAX_OBJECT_BYTES = 32 * 2 ** 20
const WORD = 4
/** Numbers of so many bytes are exact as a double. */
const SMALL_BYTES = 6

/** The module's memory as it is now, and where objects go in it. */
type Arena = {
  readonly buffer: () => Buffer
  readonly bytes: () => Uint8Array<ArrayBuffer>
  readonly words: () => DataView
  readonly object: (type: TypeIndex, bytes: number) => Pointer
  readonly replay: Heap['replay']
  /** Handlers' objects are not before this. */
  readonly staticEnd: () => Pointer
  readonly refresh: () => void
  readonly reset: (staticEnd: Pointer) => void
}

/** graph-node: runtime/wasm/src/asc_abi/v0_0_5.rs, graph/src/runtime/asc_ptr.rs. Throws MAPPING_FAILED for wild pointers. */
export function createHeap(module: HeapModule): Heap {
  const arena = createArena(module)
  // What the host has just written it is often asked to read: a text of bytes, to find an entity by.
  const written = { at: 0, text: '' }
  const { writeString, ...writers } = createWriters(arena, written)
  return {
    ...createReaders(arena, written),
    ...writers,
    ...createNames(writeString),
    writeString,
    isStatic: (at) => at < arena.staticEnd(),
    replay: arena.replay,
    refresh: arena.refresh,
    reset: (staticEnd) => {
      written.at = 0
      arena.reset(staticEnd)
    },
  }
}

/** The last string that the host wrote since the module was put back. */
type Written = { at: Pointer; text: string }

function createNames(writeString: (text: string) => Pointer): Pick<Heap, 'intern' | 'writeName'> {
  const names = new Map<string, Pointer>()
  return {
    intern: (wanted) => {
      for (const name of wanted) if (!names.has(name)) names.set(name, writeString(name))
    },
    writeName: (text) => names.get(text) ?? writeString(text),
  }
}

function createArena(module: HeapModule): Arena {
  let memory = module.memory.buffer
  let [buffer, bytes, words] = [Buffer.from(memory), new Uint8Array(memory), new DataView(memory)]
  let [next, end, staticEnd] = [0, 0, 0]
  const typeId = rememberTypeIds(module)
  function refresh(): void {
    if (memory === module.memory.buffer) return
    memory = module.memory.buffer
    ;[buffer, bytes, words] = [Buffer.from(memory), new Uint8Array(memory), new DataView(memory)]
  }
  function reserve(least: number): void {
    const size = Math.max(ARENA_BYTES, least + ARENA_OFFSET)
    const start = module.allocate(size)
    refresh()
    next = start + ARENA_OFFSET
    end = start + size
  }
  function object(type: TypeIndex, size: number): Pointer {
    const total = (HEADER_BYTES + size + 15) & ~15
    if (next + total > end) reserve(total)
    const start = next
    next += total
    words.setUint32(start, total - WORD, true)
    words.setUint32(start + 12, typeId(type), true)
    words.setUint32(start + 16, size, true)
    return start + HEADER_BYTES
  }
  function replay(template: Template, write: () => Pointer): Pointer {
    if (next === end) reserve(0)
    if (template.bytes !== undefined && template.start === next && next + template.bytes.length <= end) {
      buffer.set(template.bytes, next)
      next += template.bytes.length
      return template.result
    }
    const [start, arenaEnd] = [next, end]
    const result = write()
    // What moved on to another arena is not in one piece.
    if (end !== arenaEnd) return result
    Object.assign(template, { bytes: new Uint8Array(buffer.subarray(start, next)), start, result })
    return result
  }
  const reset = (to: Pointer): void => {
    ;[next, end, staticEnd] = [0, 0, to]
  }
  const views = { buffer: () => buffer, bytes: () => bytes, words: () => words }
  return { ...views, object, replay, staticEnd: () => staticEnd, refresh, reset }
}

/** They are the same as long as the module is. */
function rememberTypeIds(module: HeapModule): (index: TypeIndex) => number {
  const ids: (number | undefined)[] = []
  return (index) => (ids[index] ??= module.idOfType(index))
}

function createReaders(arena: Arena, written: Readonly<Written>) {
  const statics = new Map<Pointer, string>()
  function readWord(at: Pointer): number {
    const words = arena.words()
    if (at < 0 || at + WORD > words.byteLength) throw wild(at)
    return words.getUint32(at, true)
  }
  function readString(at: Pointer): string {
    if (at !== 0 && at === written.at) return written.text
    // The length in bytes is in the header of an object.
    const size = readWord(at - WORD)
    const buffer = arena.buffer()
    if (at === 0 || size > MAX_OBJECT_BYTES || at + size > buffer.length) throw wild(at)
    if (at >= arena.staticEnd()) return buffer.toString('utf16le', at, at + size)
    // Literals, as the names of fields are, never change and are read all the time.
    let text = statics.get(at)
    if (text === undefined) statics.set(at, (text = buffer.toString('utf16le', at, at + size)))
    return text
  }
  /** Where a typed array's content starts; its length is in the word after that. */
  function contentOf(at: Pointer): Pointer {
    const start = readWord(at + WORD)
    const length = readWord(at + 2 * WORD)
    if (length > MAX_OBJECT_BYTES || start + length > arena.bytes().length) throw wild(start)
    return start
  }
  function readBytes(at: Pointer): Uint8Array<ArrayBuffer> {
    const start = contentOf(at)
    return arena.bytes().slice(start, start + readWord(at + 2 * WORD))
  }
  function readSigned(at: Pointer): bigint {
    const start = contentOf(at)
    const length = readWord(at + 2 * WORD)
    if (length === 0 || length > SMALL_BYTES) return fromSignedBytes(readBytes(at))
    const bytes = arena.bytes()
    let value = 0
    for (let place = length - 1; place >= 0; place -= 1) value = value * 256 + (bytes[start + place] ?? 0)
    const isNegative = ((bytes[start + length - 1] ?? 0) & 0x80) !== 0
    return BigInt(isNegative ? value - 256 ** length : value)
  }
  function readPointers(at: Pointer): Pointer[] {
    const start = readWord(at + WORD)
    const length = readWord(at + 3 * WORD)
    const words = arena.words()
    if (length > MAX_OBJECT_BYTES / WORD || start + length * WORD > words.byteLength) throw wild(start)
    const pointers: Pointer[] = []
    for (let index = 0; index < length; index += 1) pointers.push(words.getUint32(start + index * WORD, true))
    return pointers
  }
  const readLong = (at: Pointer): bigint => (readWord(at + WORD), arena.words().getBigUint64(at, true))
  return { readWord, readLong, readString, readBytes, readSigned, readPointers }
}

function createWriters({ object, words, buffer, bytes: memory }: Arena, written: Written) {
  const writeWord = (at: Pointer, value: number): void => words().setUint32(at, value, true)
  /** https://www.assemblyscript.org/runtime.html#class-layout: the buffer, where its data starts, how many bytes it has. */
  function writeView(type: TypeIndex, data: Pointer, bytes: number, extra: number): Pointer {
    const at = object(type, 3 * WORD + extra)
    writeWord(at, data)
    writeWord(at + WORD, data)
    writeWord(at + 2 * WORD, bytes)
    return at
  }
  function writeBytes(bytes: Uint8Array): Pointer {
    const data = object(TYPE.arrayBuffer, bytes.length)
    memory().set(bytes, data)
    return writeView(TYPE.uint8Array, data, bytes.length, 0)
  }
  function writeSigned(value: bigint): Pointer {
    const length = toScratch(value)
    if (length === 0) return writeBytes(toSignedBytes(value))
    const data = object(TYPE.arrayBuffer, length)
    const to = memory()
    for (let at = 0; at < length; at += 1) to[data + at] = scratchBytes[at] ?? 0
    return writeView(TYPE.uint8Array, data, length, 0)
  }
  return {
    object,
    writeWord,
    writeBytes,
    writeSigned,
    writeLong: (at: Pointer, value: bigint): void => words().setBigUint64(at, BigInt.asUintN(64, value), true),
    writeString: (text: string): Pointer => {
      const at = object(TYPE.string, text.length * 2)
      buffer().write(text, at, 'utf16le')
      ;[written.at, written.text] = [at, text]
      return at
    },
    writePointers: (type: TypeIndex, pointers: readonly Pointer[]): Pointer => {
      const data = object(TYPE.arrayBuffer, pointers.length * WORD)
      pointers.forEach((pointer, index) => writeWord(data + index * WORD, pointer))
      const at = writeView(type, data, pointers.length * WORD, WORD)
      writeWord(at + 3 * WORD, pointers.length)
      return at
    },
  }
}

function wild(at: Pointer): RunnerError {
  return new RunnerError('MAPPING_FAILED', `Heap access out of bounds at ${at}.`)
}
