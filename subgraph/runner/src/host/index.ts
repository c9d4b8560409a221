import type { BlockPointer, BlockWithLogs, LogFilter, RpcBlock, RpcLog, RpcTransaction } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'
import type { Schema } from '../schema/index.ts'
import type { CreatedDataSource } from '../storage/store-tables.ts'
import type { Store } from '../storage/store.ts'
import { createActiveSources } from './active-sources.ts'
import { UndecodableError } from './ethereum-values.ts'
import { hostFunctions } from './functions/index.ts'
import type { LogLevel } from './functions/index.ts'
import type { Manifest, Template } from './manifest.ts'
import { loadModule } from './module.ts'
import type { HostFunctions } from './module.ts'
import { compileCode, findHandler, toFilters } from './sources.ts'
import type { CompiledHandler, Source } from './sources.ts'

export { readManifest } from './manifest.ts'
export type { LogLevel } from './functions/index.ts'

/** Logs of one block, by filter: asked for when a handler of that very block has created a data source. */
export type FetchLogs = (block: RpcBlock, filters: readonly LogFilter[]) => Promise<readonly RpcLog[]>

/** Runs the handlers of a subgraph against blocks, into a store. */
export type Host = {
  /** What to ask the chain for in a range of blocks. */
  readonly filters: (fromBlock: number, toBlock: number) => LogFilter[]
  /** The first block that any data source wants. */
  readonly startBlock: number
  /**
   * Runs a block's handlers, log by log, and commits it to the store. Resolves to whether data sources were created: what
   * was fetched of later blocks is incomplete then. Rejects with what the first handler that fails throws, MAPPING_FAILED
   * if it is the mapping's fault; then nothing of the block is in the store.
   */
  readonly process: (block: BlockWithLogs, fetchLogs: FetchLogs) => Promise<boolean>
  /** The store was rolled back: data sources may be gone. */
  readonly reload: () => void
  /** How many handlers have run. */
  readonly handled: () => number
}

export type HostOptions = {
  readonly manifest: Manifest
  readonly schema: Schema
  readonly store: Store
  readonly log: (level: LogLevel, message: string, source: string) => void
}

const NO_ADDRESS = `0x${'00'.repeat(20)}`

/**
 * The order of handlers is graph-node's: by log, then by data source as the manifest has them and as they were created;
 * data sources created in a block see all of its logs, once its other handlers have run
 * (core/src/subgraph/runner/mod.rs, `process_dynamic_data_sources`).
 */
export function createHost({ manifest, schema, store, log }: HostOptions): Host {
  let created: Omit<CreatedDataSource, 'block'>[] = []
  const create = (source: Omit<CreatedDataSource, 'block'>): void => void created.push(source)
  const runner = createRunner(schema, (now) => functionsFor({ manifest, schema, store, log }, now, create))
  const sources = createActiveSources(manifest, (template) => compileCode(template, runner.load(template)))
  /** Those that were created since, without those there were before. Undone when the block fails. */
  function takeCreated(block: number): Source[] {
    const taken = created
    created = []
    return taken.flatMap((each) => {
      const source = sources.add({ ...each, block })
      if (source === undefined) return []
      store.addDataSource({ ...each, block })
      return [source]
    })
  }
  async function run({ block, logs }: BlockWithLogs, fetchLogs: FetchLogs): Promise<boolean> {
    const number = Number(block.number)
    store.begin(number)
    runner.run([...sources.all()], block, logs)
    let fresh = takeCreated(number)
    const isMore = fresh.length > 0
    while (fresh.length > 0) {
      runner.run(fresh, block, await fetchLogs(block, toFilters(fresh, number, number)))
      fresh = takeCreated(number)
    }
    store.commit(toPointer(block))
    return isMore
  }
  const reload = (): void => {
    created = []
    sources.reset(store.dataSources())
  }
  reload()
  return {
    filters: sources.filters,
    startBlock: Math.min(...manifest.dataSources.map(({ startBlock }) => startBlock)),
    process: async (block, fetchLogs) => {
      try {
        return await run(block, fetchLogs)
      } catch (error) {
        store.abort()
        // The data sources of the blocks before are in the store from now on; those of this one are not.
        store.flush()
        reload()
        throw error
      }
    },
    reload,
    handled: runner.handled,
  }
}

/** What fields of entities and parameters of events are called. */
function namesOf(schema: Schema, { entities, handlers }: Template): Set<string> {
  const fields = entities.flatMap((name) => schema.entities.get(name)?.fields ?? [])
  const parameters = handlers.flatMap(({ event }) => event.inputs)
  return new Set([...fields, ...parameters].map(({ name }) => name ?? ''))
}

function functionsFor(
  { manifest, schema, store, log }: HostOptions,
  now: () => Source,
  create: (source: Omit<CreatedDataSource, 'block'>) => void,
): HostFunctions {
  return hostFunctions({
    schema,
    store,
    templates: manifest.templates,
    access: now,
    current: () => ({ ...now(), address: now().address ?? NO_ADDRESS }),
    create,
    log: (level, message) => log(level, message, now().name),
  })
}

/** Calls handlers, and knows whose is running. */
function createRunner(schema: Schema, functionsOf: (now: () => Source) => HostFunctions) {
  let running: Source | undefined
  let handled = 0
  const functions = functionsOf(() => {
    if (running === undefined) throw new RunnerError('MAPPING_INVALID', 'A module asks its host while it is loaded.')
    return running
  })
  function runHandler(source: Source, handler: CompiledHandler, block: RpcBlock, log: RpcLog): void {
    running = source
    try {
      const transaction = transactionOf(block, log)
      source.code.module.call(handler.handler, (heap) => handler.write(heap, block, transaction, log))
      handled += 1
    } catch (error) {
      // Of another event with the same topic, as where `indexed` differs.
      if (!(error instanceof UndecodableError)) throw locate(error, block, log)
    } finally {
      running = undefined
    }
  }
  return {
    load: (template: Template) => loadModule(template.wasm, functions, namesOf(schema, template)),
    run: (sources: readonly Source[], block: RpcBlock, logs: readonly RpcLog[]): void => {
      const number = Number(block.number)
      for (const log of logs) {
        for (const source of sources) {
          const handler = findHandler(source, log, number)
          if (handler !== undefined) runHandler(source, handler, block, log)
        }
      }
    },
    handled: () => handled,
  }
}

export function toPointer(block: RpcBlock): BlockPointer {
  return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) }
}

/** The chain's part sees to it that block and logs are of one hash. */
function transactionOf(block: RpcBlock, log: RpcLog): RpcTransaction {
  const expected = block.transactions[Number(log.transactionIndex)]
  if (expected?.hash === log.transactionHash) return expected
  const found = block.transactions.find(({ hash }) => hash === log.transactionHash)
  if (found !== undefined) return found
  throw new RunnerError('RPC_FAILED', `Block ${Number(block.number)} lacks the transaction ${log.transactionHash}.`)
}

function locate(error: unknown, block: RpcBlock, log: RpcLog): unknown {
  if (!(error instanceof RunnerError)) return error
  const place = `block ${Number(block.number)}, transaction ${log.transactionHash}, log ${Number(log.logIndex)}`
  return new RunnerError(error.code, `${error.message} (${place})`, { cause: error })
}
