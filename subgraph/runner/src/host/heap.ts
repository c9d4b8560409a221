import { RunnerError } from '../errors.ts'
import { toHexAt } from '../storage/hex.ts'
import { createArena } from './arena.ts'
import type { Arena, HeapModule } from './arena.ts'
import { readSignedBytes, reversalOf, scratchBytes, toScratch, toSignedBytes } from './big-int.ts'
import { decodeHex } from './hex-bytes.ts'
import { TYPE } from './object-types.ts'
import type { Pointer, TypeIndex } from './object-types.ts'

export type { Template } from './arena.ts'
export { TYPE } from './object-types.ts'
export type { Pointer, TypeIndex } from './object-types.ts'

/** Objects in the memory of a module, laid out as AssemblyScript 0.19 lays them out. */
export type Heap = Pick<
  Arena,
  'bytes' | 'words' | 'object' | 'room' | 'header' | 'replay' | 'generation' | 'refresh'
> & {
  readonly readWord: (at: Pointer) => number
  readonly writeWord: (at: Pointer, value: number) => void
  readonly readLong: (at: Pointer) => bigint
  readonly writeLong: (at: Pointer, value: bigint) => void
  readonly readString: (at: Pointer) => string
  readonly writeString: (text: string) => Pointer
  /** The content of a string whose object is there already. */
  readonly fillString: (at: Pointer, text: string) => void
  /** A string of those that were interned, or a new one. Strings never change, so that all may share one. */
  readonly writeName: (text: string) => Pointer
  /** A string of those that were interned. */
  readonly findName: (text: string) => Pointer | undefined
  /** Whether what is there is as it was when the module was loaded, and stays so: a literal, or an interned string. */
  readonly isStatic: (at: Pointer) => boolean
  /** Writes strings that stay: before the module's memory is remembered as what it is put back to. */
  readonly intern: (names: Iterable<string>) => void
  /** A copy of a typed array's bytes. */
  readonly readBytes: (at: Pointer) => Uint8Array<ArrayBuffer>
  readonly writeBytes: (bytes: Uint8Array, start?: number, length?: number) => Pointer
  /** The bytes that 0x and digits stand for; an odd number of digits lacks a zero in front. */
  readonly writeHexBytes: (hex: string) => Pointer
  /** A string: 0x and lower-case hex of a typed array. */
  readonly writeHexText: (at: Pointer) => Pointer
  /** Whether it is the string that `writeHexText` wrote last. */
  readonly isHexText: (at: Pointer) => boolean
  /** A `BigInt`: an array of bytes in two's complement, the lowest first. */
  readonly readSigned: (at: Pointer) => bigint
  readonly writeSigned: (value: bigint) => Pointer
  /** The same of a number that lies there highest byte first, as on the chain. */
  readonly writeReversed: (bytes: Uint8Array, start: number, length: number, isSigned: boolean) => Pointer
  readonly readPointers: (at: Pointer) => Pointer[]
  readonly writePointers: (type: TypeIndex, pointers: readonly Pointer[]) => Pointer
  /** The module's memory was put back; what was allocated is gone. `staticEnd` is where memory starts that handlers use. */
  readonly reset: (staticEnd: Pointer) => void
}

/** Longer than anything in a transaction; a corrupt length must not ask for memory. */
const MAX_OBJECT_BYTES = 32 * 2 ** 20
const WORD = 4
/** Fewer bytes are copied faster one by one. */
const SHORT_BYTES = 64
/** Both digits of a byte as they lie in a string, each in two bytes. */
const DIGIT_PAIRS = Uint32Array.from({ length: 256 }, (_, byte) => {
  const digits = byte.toString(16).padStart(2, '0')
  return digits.charCodeAt(0) | (digits.charCodeAt(1) << 16)
})
const HEX_START = 0x00_78_00_30

/** graph-node: runtime/wasm/src/asc_abi/v0_0_5.rs, graph/src/runtime/asc_ptr.rs. Throws MAPPING_FAILED for wild pointers. */
export function createHeap(module: HeapModule): Heap {
  const arena = createArena(module)
  // What the host has just written it is often asked to read: a text of bytes, to find an entity by.
  const written: Written = { at: 0, text: '', isHex: false }
  const readers = createReaders(arena, written)
  const { writeString, ...writers } = createWriters(arena, written)
  return {
    ...arena,
    ...readers,
    ...writers,
    ...createNames(writeString),
    writeString,
    writeHexText: createHexWriter(arena, written, readers.contentOf),
    isHexText: (at) => at !== 0 && at === written.at && written.isHex,
    isStatic: (at) => at < arena.staticEnd(),
    reset: (staticEnd) => {
      written.at = 0
      arena.reset(staticEnd)
    },
  }
}

/** The last string that the host wrote since the module was put back, and whether it is lower-case hex of bytes. */
type Written = { at: Pointer; text: string; isHex: boolean }

function createNames(writeString: (text: string) => Pointer): Pick<Heap, 'intern' | 'writeName' | 'findName'> {
  const names = new Map<string, Pointer>()
  return {
    intern: (wanted) => {
      for (const name of wanted) if (!names.has(name)) names.set(name, writeString(name))
    },
    writeName: (text) => names.get(text) ?? writeString(text),
    findName: (text) => names.get(text),
  }
}

function createReaders(arena: Arena, written: Readonly<Written>) {
  const statics = new Map<Pointer, string>()
  function readWord(at: Pointer): number {
    const view = arena.view()
    if (at < 0 || at + WORD > view.byteLength) throw wild(at)
    return view.getUint32(at, true)
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
  const readSigned = (at: Pointer): bigint => readSignedBytes(arena.bytes(), contentOf(at), readWord(at + 2 * WORD))
  function readPointers(at: Pointer): Pointer[] {
    const start = readWord(at + WORD)
    const length = readWord(at + 3 * WORD)
    const view = arena.view()
    if (length > MAX_OBJECT_BYTES / WORD || start + length * WORD > view.byteLength) throw wild(start)
    const pointers: Pointer[] = []
    for (let index = 0; index < length; index += 1) pointers.push(view.getUint32(start + index * WORD, true))
    return pointers
  }
  const readLong = (at: Pointer): bigint => (readWord(at + WORD), arena.view().getBigUint64(at, true))
  return { readWord, readLong, readString, contentOf, readBytes, readSigned, readPointers }
}

/** The bytes are read and their text is written, without either being copied. */
function createHexWriter(arena: Arena, written: Written, contentOf: (at: Pointer) => Pointer): Heap['writeHexText'] {
  return (bytes) => {
    const start = contentOf(bytes)
    const length = arena.view().getUint32(bytes + 2 * WORD, true)
    const text = toHexAt(arena.bytes(), start, length)
    const at = arena.object(TYPE.string, text.length * 2)
    const [from, words] = [arena.bytes(), arena.words()]
    words[at >>> 2] = HEX_START
    for (let index = 0; index < length; index += 1) {
      words[(at >>> 2) + 1 + index] = DIGIT_PAIRS[from[start + index] ?? 0] ?? 0
    }
    ;[written.at, written.text, written.isHex] = [at, text, true]
    return at
  }
}

/** Typed arrays, and what leads to them. */
function createArrayWriters({ object, view, bytes: memory }: Arena) {
  const writeWord = (at: Pointer, value: number): void => view().setUint32(at, value, true)
  /** https://www.assemblyscript.org/runtime.html#class-layout: the buffer, where its data starts, how many bytes it has. */
  function writeView(type: TypeIndex, data: Pointer, bytes: number, extra: number): Pointer {
    const at = object(type, 3 * WORD + extra)
    writeWord(at, data)
    writeWord(at + WORD, data)
    writeWord(at + 2 * WORD, bytes)
    return at
  }
  function writeBytes(bytes: Uint8Array, start = 0, length = bytes.length): Pointer {
    const data = object(TYPE.arrayBuffer, length)
    copyBytes(bytes, start, length, memory(), data)
    return writeView(TYPE.uint8Array, data, length, 0)
  }
  function writeSigned(value: bigint): Pointer {
    const length = toScratch(value)
    return length === 0 ? writeBytes(toSignedBytes(value)) : writeBytes(scratchBytes, 0, length)
  }
  function writeReversed(bytes: Uint8Array, start: number, length: number, isSigned: boolean): Pointer {
    const reversal = reversalOf(bytes, start, length, isSigned)
    const data = object(TYPE.arrayBuffer, reversal.length)
    const [to, last] = [memory(), start + length - 1]
    for (let at = 0; at < reversal.read; at += 1) to[data + at] = bytes[last - at] ?? 0
    if (reversal.length > reversal.read) to[data + reversal.read] = reversal.fill
    return writeView(TYPE.uint8Array, data, reversal.length, 0)
  }
  return {
    writeWord,
    writeView,
    writeBytes,
    writeSigned,
    writeReversed,
    writeHexBytes: (hex: string): Pointer => {
      const length = (hex.length - 1) >> 1
      const data = object(TYPE.arrayBuffer, length)
      decodeHex(hex, memory(), data)
      return writeView(TYPE.uint8Array, data, length, 0)
    },
  }
}

function createWriters(arena: Arena, written: Written) {
  const { object, view, buffer } = arena
  const { writeView, ...arrays } = createArrayWriters(arena)
  const { writeWord } = arrays
  return {
    ...arrays,
    writeLong: (at: Pointer, value: bigint): void => view().setBigUint64(at, BigInt.asUintN(64, value), true),
    writeString: (text: string): Pointer => {
      const at = object(TYPE.string, text.length * 2)
      buffer().write(text, at, 'utf16le')
      ;[written.at, written.text, written.isHex] = [at, text, false]
      return at
    },
    fillString: (at: Pointer, text: string): void => void buffer().write(text, at, 'utf16le'),
    writePointers: (type: TypeIndex, pointers: readonly Pointer[]): Pointer => {
      const data = object(TYPE.arrayBuffer, pointers.length * WORD)
      pointers.forEach((pointer, index) => writeWord(data + index * WORD, pointer))
      const at = writeView(type, data, pointers.length * WORD, WORD)
      writeWord(at + 3 * WORD, pointers.length)
      return at
    },
  }
}

export function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  if (length > SHORT_BYTES) to.set(from.subarray(start, start + length), at)
  else for (let index = 0; index < length; index += 1) to[at + index] = from[start + index] ?? 0
}

function wild(at: Pointer): RunnerError {
  return new RunnerError('MAPPING_FAILED', `Heap access out of bounds at ${at}.`)
}
