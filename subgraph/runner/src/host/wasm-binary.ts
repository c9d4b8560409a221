import { RunnerError } from '../errors.ts'

/** Sections and opcodes of https://webassembly.github.io/spec/core/binary/modules.html that are read here. */
const SECTION = { import: 2, global: 6, export: 7 } as const
const OPCODE = { end: 0x0b, globalGet: 0x23, i32Const: 0x41, i64Const: 0x42, f32Const: 0x43, f64Const: 0x44 } as const
const EXTERNAL = { function: 0, table: 1, memory: 2, global: 3 } as const
const PREAMBLE_BYTES = 8
const MUTABLE = 1

type Reader = { readonly bytes: Uint8Array; at: number }
type Section = { readonly id: number; readonly start: number; readonly end: number }

/** What every export added here is called, followed by a number. */
export const GLOBAL_PREFIX = 'runner.global.'

/**
 * The same module with every mutable global exported as `runner.global.N`, so that a host can put them back to what they were.
 * Nothing else changes. Throws MAPPING_INVALID for what is no WebAssembly, or has opcodes in a global's value that
 * AssemblyScript does not write.
 */
export function exportMutableGlobals(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  const sections = readSections(wasm)
  const globals = sections.find(({ id }) => id === SECTION.global)
  const exported = sections.find(({ id }) => id === SECTION.export)
  if (exported === undefined) throw invalid('it exports nothing')
  const mutable = globals === undefined ? [] : readMutable(wasm, globals, countImportedGlobals(wasm, sections))
  const reader = { bytes: wasm, at: exported.start }
  const count = readUnsigned(reader)
  const added = mutable.flatMap((index, number) => {
    const name = [...Buffer.from(`${GLOBAL_PREFIX}${number}`)]
    return [...unsigned(name.length), ...name, EXTERNAL.global, ...unsigned(index)]
  })
  const content = [...unsigned(count + mutable.length), ...wasm.subarray(reader.at, exported.end), ...added]
  const header = [SECTION.export, ...unsigned(content.length)]
  const before = wasm.subarray(0, headerStart(sections, exported))
  return Uint8Array.from(Buffer.concat([before, Uint8Array.from([...header, ...content]), wasm.subarray(exported.end)]))
}

function readSections(wasm: Uint8Array): Section[] {
  const reader: Reader = { bytes: wasm, at: PREAMBLE_BYTES }
  const sections: Section[] = []
  while (reader.at < wasm.length) {
    const id = readByte(reader)
    const length = readUnsigned(reader)
    sections.push({ id, start: reader.at, end: reader.at + length })
    reader.at += length
  }
  return sections
}

/** A section's header follows the end of the section before it. */
function headerStart(sections: readonly Section[], section: Section): number {
  return sections[sections.indexOf(section) - 1]?.end ?? PREAMBLE_BYTES
}

function countImportedGlobals(wasm: Uint8Array, sections: readonly Section[]): number {
  const section = sections.find(({ id }) => id === SECTION.import)
  if (section === undefined) return 0
  const reader: Reader = { bytes: wasm, at: section.start }
  let globals = 0
  for (let left = readUnsigned(reader); left > 0; left -= 1) {
    skipName(reader)
    skipName(reader)
    const kind = readByte(reader)
    if (kind === EXTERNAL.function) readUnsigned(reader)
    else if (kind === EXTERNAL.global) {
      reader.at += 2
      globals += 1
    } else {
      if (kind === EXTERNAL.table) readByte(reader)
      const hasMaximum = readByte(reader) === 1
      readUnsigned(reader)
      if (hasMaximum) readUnsigned(reader)
    }
  }
  return globals
}

function readMutable(wasm: Uint8Array, section: Section, imported: number): number[] {
  const reader: Reader = { bytes: wasm, at: section.start }
  const count = readUnsigned(reader)
  const mutable: number[] = []
  for (let number = 0; number < count; number += 1) {
    readByte(reader)
    if (readByte(reader) === MUTABLE) mutable.push(imported + number)
    skipValue(reader)
  }
  return mutable
}

function skipValue(reader: Reader): void {
  while (true) {
    const opcode = readByte(reader)
    if (opcode === OPCODE.end) return
    if (opcode === OPCODE.f32Const) reader.at += 4
    else if (opcode === OPCODE.f64Const) reader.at += 8
    else if (opcode === OPCODE.i32Const || opcode === OPCODE.i64Const || opcode === OPCODE.globalGet)
      readUnsigned(reader)
    else throw invalid(`a global starts with opcode ${opcode}`)
  }
}

function skipName(reader: Reader): void {
  const length = readUnsigned(reader)
  reader.at += length
}

function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at]
  if (byte === undefined) throw invalid('it ends too early')
  reader.at += 1
  return byte
}

/** LEB128; of a signed number only the length is right, which is all that skipping needs. */
function readUnsigned(reader: Reader): number {
  let value = 0
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = readByte(reader)
    if (shift < 32) value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value >>> 0
  }
  throw invalid('a number is too long')
}

function unsigned(value: number): number[] {
  const bytes: number[] = []
  let left = value
  while (left >= 0x80) {
    bytes.push((left & 0x7f) | 0x80)
    left >>>= 7
  }
  return [...bytes, left]
}

function invalid(reason: string): RunnerError {
  return new RunnerError('MAPPING_INVALID', `This is no mapping that graph-cli has built: ${reason}.`)
}
