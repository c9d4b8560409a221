import { RunnerError } from '../errors.ts'
import { createHeap } from './heap.ts'
import type { Heap, Pointer } from './heap.ts'
import { GLOBAL_PREFIX, exportMutableGlobals } from './wasm-binary.ts'

/** One function of the host: numbers in, number or nothing out, as WebAssembly calls it. */
export type HostFunction = (heap: Heap, ...values: number[]) => number | bigint | void

/** By the name that graph-ts declares, as `store.get`; the module of the import does not matter, as in graph-node. */
export type HostFunctions = Readonly<Record<string, HostFunction>>

/** A mapping's module, as new before every call. */
export type MappingModule = {
  /**
   * Calls a handler with the object that `write` leaves on the heap. Throws what `write` and the host's functions throw, and
   * MAPPING_FAILED for traps.
   */
  readonly call: (handler: string, write: (heap: Heap) => Pointer) => void
  /** Whether the module exports this function. */
  readonly exports: (handler: string) => boolean
}

type Exports = {
  readonly memory: WebAssembly.Memory
  readonly allocate: (bytes: number) => Pointer
  readonly id_of_type: (index: number) => number
  readonly _start: () => void
}

/** Memory that one handler made grow beyond this is not kept for the next. */
const MAX_KEPT_BYTES = 16 * 2 ** 20

/**
 * graph-node gives every handler an instance of its own (runtime/wasm/src/mapping.rs), whose globals and heap are as
 * `_start` left them. Here one instance is put back to that after every handler: globals are set, static memory copied, the
 * rest zeroed; so memory does not grow either, though AssemblyScript's stub runtime frees nothing. `names` are strings that the
 * host writes again and again; they are written once, and belong to the module as it was loaded.
 */
export function loadModule(wasm: Uint8Array, functions: HostFunctions, names: Iterable<string>): MappingModule {
  const module = compile(wasm)
  let instance = instantiate(module, functions, names)
  return {
    exports: (handler) => typeof instance.exports[handler] === 'function',
    call: (handler, write) => {
      const exported = instance.exports[handler]
      if (typeof exported !== 'function') throw new RunnerError('MAPPING_INVALID', `function ${handler} not found`)
      try {
        ;(exported as (argument: Pointer) => void)(write(instance.heap))
      } catch (error) {
        if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error
        throw new RunnerError('MAPPING_FAILED', `Handler ${handler} trapped: ${error.message}`, { cause: error })
      } finally {
        if (!instance.reset()) instance = instantiate(module, functions, names)
      }
    },
  }
}

function compile(wasm: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(exportMutableGlobals(wasm))
  } catch (error) {
    if (error instanceof RunnerError) throw error
    throw new RunnerError('MAPPING_INVALID', 'This is no WebAssembly module.', { cause: error })
  }
}

function instantiate(module: WebAssembly.Module, functions: HostFunctions, names: Iterable<string>) {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {}
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const host = functions[name]
    if (kind !== 'function' || host === undefined) {
      throw new RunnerError('MAPPING_UNSUPPORTED', `A mapping imports \`${name}\`, which this runner does not have.`)
    }
    const group = (imports[from] ??= {})
    // No mapping imports a function of more than five parameters; gathering them up would take as long as the call.
    group[name] = (a: number, b: number, c: number, d: number, e: number) => {
      heap.refresh()
      return host(heap, a, b, c, d, e)
    }
  }
  const { exports } = new WebAssembly.Instance(module, imports)
  const own = exports as unknown as Exports
  if (!(own.memory instanceof WebAssembly.Memory) || typeof own.allocate !== 'function') {
    throw new RunnerError('MAPPING_INVALID', 'This is no mapping that graph-cli has built: it has no allocator.')
  }
  const heap = createHeap({ memory: own.memory, allocate: own.allocate, idOfType: own.id_of_type })
  own._start()
  heap.intern(names)
  return { exports, heap, reset: snapshot(exports, own, heap) }
}

/** Remembers what the module is like now; the function given back restores it, or says that it is better not kept. */
function snapshot(exports: WebAssembly.Exports, own: Exports, heap: Heap): () => boolean {
  const globals = Object.entries(exports).filter(([name]) => name.startsWith(GLOBAL_PREFIX)) as [
    string,
    WebAssembly.Global,
  ][]
  const values = globals.map(([, global]) => global.value as unknown)
  const staticEnd = own.allocate(0)
  const before = new Uint8Array(own.memory.buffer.slice(0, staticEnd))
  const restore = (): boolean => {
    const used = own.allocate(0)
    heap.refresh()
    const memory = heap.bytes()
    if (memory.length > MAX_KEPT_BYTES) return false
    globals.forEach(([, global], index) => {
      global.value = values[index]
    })
    memory.fill(0, staticEnd, used)
    memory.set(before)
    heap.reset(staticEnd)
    return true
  }
  restore()
  return restore
}
