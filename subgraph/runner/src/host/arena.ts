import type { Pointer, TypeIndex } from './object-types.ts'

/** What the heap needs of the module that owns it. */
export type HeapModule = {
  readonly memory: WebAssembly.Memory
  /** `__alloc`: room for so many bytes that the module will never touch; 16-byte aligned. */
  readonly allocate: (bytes: number) => Pointer
  readonly idOfType: (index: TypeIndex) => number
}

/** What `Heap.replay` remembers of one piece of writing. */
export type Template = { bytes?: Uint8Array; start: Pointer; result: Pointer }

/** mmInfo, gcInfo, gcInfo2, rtId, rtSize: https://www.assemblyscript.org/runtime.html#header-layout */
export const HEADER_BYTES = 20
/** Where `allocate` points is 16-byte aligned, and so must content be: the header goes 12 bytes further. */
const ARENA_OFFSET = 12
const ARENA_BYTES = 16_384
const WORD = 4

/** The module's memory as it is now, and where objects go in it. */
export type Arena = Rooms & {
  /** Runs `write` once and replays the bytes it left, as long as it starts where it did: at the start of a handler. */
  readonly replay: (template: Template, write: () => Pointer) => Pointer
}

type Rooms = {
  readonly buffer: () => Buffer
  readonly bytes: () => Uint8Array<ArrayBuffer>
  readonly view: () => DataView
  /** For addresses that are known to be a multiple of four. */
  readonly words: () => Uint32Array<ArrayBuffer>
  readonly object: (type: TypeIndex, bytes: number) => Pointer
  /** Room for objects that lie one behind the other, zeroed: where the header of the first goes. `bytes` of `blockBytes` each. */
  readonly room: (bytes: number) => Pointer
  /** Writes the header of an object in such room, where it starts; gives where its content goes. */
  readonly header: (start: Pointer, type: TypeIndex, bytes: number) => Pointer
  /** Where the next object goes, with its header, and where the piece that was asked of the module ends. */
  readonly next: () => { readonly at: Pointer; readonly end: Pointer }
  /** Handlers' objects are not before this. */
  readonly staticEnd: () => Pointer
  /** How many times memory was put back. */
  readonly generation: () => number
  /** The module ran, and may have made its memory grow, which gives it another buffer. */
  readonly refresh: () => void
  readonly reset: (staticEnd: Pointer) => void
}

/** What an object of so many bytes takes, with its header. */
export function blockBytes(bytes: number): number {
  return (HEADER_BYTES + bytes + 15) & ~15
}

export function createArena(module: HeapModule): Arena {
  const rooms = createRooms(module)
  const { next, room, buffer } = rooms
  function replay(template: Template, write: () => Pointer): Pointer {
    const { at, end } = next()
    const { bytes } = template
    if (bytes !== undefined && template.start === at && at + bytes.length <= end) {
      buffer().set(bytes, room(bytes.length))
      return template.result
    }
    const result = write()
    const { at: after, end: endAfter } = next()
    // What moved on to another piece is not in one.
    if (end === endAfter) {
      Object.assign(template, { bytes: new Uint8Array(buffer().subarray(at, after)), start: at, result })
    }
    return result
  }
  return { ...rooms, replay }
}

function createRooms(module: HeapModule): Rooms {
  let views = viewsOf(module.memory.buffer)
  let [next, end, staticEnd, generation] = [0, 0, 0, 0]
  const typeId = rememberTypeIds(module)
  function refresh(): void {
    // A buffer that was replaced is detached.
    if (views.bytes.length === 0) views = viewsOf(module.memory.buffer)
  }
  function reserve(least: number): void {
    const size = Math.max(ARENA_BYTES, least + ARENA_OFFSET)
    const start = module.allocate(size)
    refresh()
    next = start + ARENA_OFFSET
    end = start + size
  }
  function room(bytes: number): Pointer {
    if (next + bytes > end) reserve(bytes)
    const start = next
    next += bytes
    return start
  }
  function header(start: Pointer, type: TypeIndex, bytes: number): Pointer {
    const { words } = views
    const at = start >>> 2
    words[at] = blockBytes(bytes) - WORD
    words[at + 3] = typeId(type)
    words[at + 4] = bytes
    return start + HEADER_BYTES
  }
  return {
    buffer: () => views.buffer,
    bytes: () => views.bytes,
    view: () => views.view,
    words: () => views.words,
    object: (type, bytes) => header(room(blockBytes(bytes)), type, bytes),
    room,
    header,
    next: () => {
      if (next === end) reserve(0)
      return { at: next, end }
    },
    staticEnd: () => staticEnd,
    generation: () => generation,
    refresh,
    reset: (to) => {
      ;[next, end, staticEnd] = [0, 0, to]
      generation += 1
    },
  }
}

function viewsOf(memory: ArrayBuffer) {
  const [bytes, words] = [new Uint8Array(memory), new Uint32Array(memory)]
  return { buffer: Buffer.from(memory), bytes, words, view: new DataView(memory) }
}

/** They are the same as long as the module is. */
function rememberTypeIds(module: HeapModule): (index: TypeIndex) => number {
  const ids: (number | undefined)[] = []
  return (index) => (ids[index] ??= module.idOfType(index))
}
