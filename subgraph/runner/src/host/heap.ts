import { RunnerError } from '../errors.ts'

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
  /** A copy of a typed array's bytes. */
  readonly readBytes: (at: Pointer) => Uint8Array<ArrayBuffer>
  readonly writeBytes: (bytes: Uint8Array) => Pointer
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

/** The module's memory as it is now, and where objects go in it. */
type Arena = {
  readonly buffer: () => Buffer
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
  return {
    ...createReaders(arena),
    ...createWriters(arena),
    replay: arena.replay,
    refresh: arena.refresh,
    reset: arena.reset,
  }
}

function createArena(module: HeapModule): Arena {
  let memory = module.memory.buffer
  let [buffer, words] = [Buffer.from(memory), new DataView(memory)]
  let [next, end, staticEnd] = [0, 0, 0]
  const typeId = rememberTypeIds(module)
  function refresh(): void {
    if (memory === module.memory.buffer) return
    memory = module.memory.buffer
    ;[buffer, words] = [Buffer.from(memory), new DataView(memory)]
  }
  function reserve(bytes: number): void {
    const size = Math.max(ARENA_BYTES, bytes + ARENA_OFFSET)
    const start = module.allocate(size)
    refresh()
    next = start + ARENA_OFFSET
    end = start + size
  }
  function object(type: TypeIndex, bytes: number): Pointer {
    const total = (HEADER_BYTES + bytes + 15) & ~15
    if (next + total > end) reserve(total)
    const start = next
    next += total
    words.setUint32(start, total - WORD, true)
    words.setUint32(start + 12, typeId(type), true)
    words.setUint32(start + 16, bytes, true)
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
  return { buffer: () => buffer, words: () => words, object, replay, staticEnd: () => staticEnd, refresh, reset }
}

/** They are the same as long as the module is. */
function rememberTypeIds(module: HeapModule): (index: TypeIndex) => number {
  const ids = new Map<TypeIndex, number>()
  return (index) => {
    let id = ids.get(index)
    if (id === undefined) ids.set(index, (id = module.idOfType(index)))
    return id
  }
}

function createReaders(arena: Arena) {
  const statics = new Map<Pointer, string>()
  function readWord(at: Pointer): number {
    const words = arena.words()
    if (at < 0 || at + WORD > words.byteLength) throw wild(at)
    return words.getUint32(at, true)
  }
  function readString(at: Pointer): string {
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
  function readBytes(at: Pointer): Uint8Array<ArrayBuffer> {
    const [start, length] = [readWord(at + WORD), readWord(at + 2 * WORD)]
    const buffer = arena.buffer()
    if (length > MAX_OBJECT_BYTES || start + length > buffer.length) throw wild(start)
    return new Uint8Array(buffer.subarray(start, start + length))
  }
  function readPointers(at: Pointer): Pointer[] {
    const [start, length] = [readWord(at + WORD), readWord(at + 3 * WORD)]
    const words = arena.words()
    if (length > MAX_OBJECT_BYTES / WORD || start + length * WORD > words.byteLength) throw wild(start)
    const pointers: Pointer[] = []
    for (let index = 0; index < length; index += 1) pointers.push(words.getUint32(start + index * WORD, true))
    return pointers
  }
  const readLong = (at: Pointer): bigint => (readWord(at + WORD), arena.words().getBigUint64(at, true))
  return { readWord, readLong, readString, readBytes, readPointers }
}

function createWriters({ object, words, buffer }: Arena) {
  const writeWord = (at: Pointer, value: number): void => words().setUint32(at, value, true)
  /** https://www.assemblyscript.org/runtime.html#class-layout: the buffer, where its data starts, how many bytes it has. */
  function writeView(type: TypeIndex, data: Pointer, bytes: number, extra: number): Pointer {
    const at = object(type, 3 * WORD + extra)
    writeWord(at, data)
    writeWord(at + WORD, data)
    writeWord(at + 2 * WORD, bytes)
    return at
  }
  return {
    object,
    writeWord,
    writeLong: (at: Pointer, value: bigint): void => words().setBigUint64(at, BigInt.asUintN(64, value), true),
    writeString: (text: string): Pointer => {
      const at = object(TYPE.string, text.length * 2)
      buffer().write(text, at, 'utf16le')
      return at
    },
    writeBytes: (bytes: Uint8Array): Pointer => {
      const data = object(TYPE.arrayBuffer, bytes.length)
      buffer().set(bytes, data)
      return writeView(TYPE.uint8Array, data, bytes.length, 0)
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
