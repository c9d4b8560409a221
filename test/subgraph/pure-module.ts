import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ASC = join(ROOT, 'node_modules/.bin/asc')
const COMPILE_MS = 50_000

/** Addresses in the module's memory; zero is null. */
type Pointer = number
type Exports = {
  readonly memory: WebAssembly.Memory
  bytesOf(length: number): Pointer
  startOf(bytes: Pointer): Pointer
  wholeLine(bytes: Pointer): Pointer
  handleText(bytes: Pointer): Pointer
  titleOf(input: Pointer, metaHash: Pointer): Pointer
  raise(score: bigint, time: bigint, doublings: bigint): bigint
}

/** The mappings' functions that need no host, compiled from `subgraph/tests/pure.ts` as graph-cli compiles mappings. */
export async function loadPureModule() {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-pure-'))
  try {
    const file = join(directory, 'pure.wasm')
    const args = [
      'subgraph/tests/pure.ts',
      '--lib',
      'node_modules',
      '--runtime',
      'stub',
      '--optimize',
      '--binaryFile',
      file,
    ]
    const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` }
    await promisify(execFile)(ASC, args, { cwd: ROOT, timeout: COMPILE_MS, env: environment })
    return await bind(await WebAssembly.compile(await readFile(file)))
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function bind(module: WebAssembly.Module) {
  const abort = () => {
    throw new Error('the mapping aborted, which would end the index')
  }
  const instance = await WebAssembly.instantiate(module, { env: { abort } })
  const exports = instance.exports as unknown as Exports

  const write = (data: Uint8Array): Pointer => {
    const bytes = exports.bytesOf(data.length)
    new Uint8Array(exports.memory.buffer, exports.startOf(bytes), data.length).set(data)
    return bytes
  }
  /** UTF-16 code units; their length in bytes stands before them. */
  const read = (text: Pointer): string | null => {
    if (text === 0) return null
    const length = new DataView(exports.memory.buffer).getUint32(text - 4, true)
    return Buffer.from(exports.memory.buffer, text, length).toString('utf16le')
  }
  return {
    raise: (score: bigint, time: number, doublings = 0) => exports.raise(score, BigInt(time), BigInt(doublings)),
    titleOf: (input: Uint8Array, metaHash: Uint8Array) => read(exports.titleOf(write(input), write(metaHash))),
    lineOf: (bytes: Uint8Array) => read(exports.wholeLine(write(bytes))),
    handleText: (bytes: Uint8Array) => read(exports.handleText(write(bytes))),
  }
}
