import { setImmediate as turn } from 'node:timers/promises'
import { RunnerError } from '../errors.ts'
import type { FetchLogs, Host } from '../host/index.ts'
import type { Store } from '../storage/store.ts'
import { findCommonBlock, walkBack } from './fork.ts'
import type { CommonBlock } from './fork.ts'
import { createRangeReader } from './ranges.ts'
import type { Range } from './ranges.ts'
import type { ChainSource } from './source.ts'
import type { RpcHeader } from './types.ts'

/** What a step came to. */
export type SyncStep =
  /** The store is where the chain is. */
  | 'at head'
  /** There is more to do. */
  | 'advanced'
  /** The chain changed while it was asked. */
  | 'unsteady'

/** Brings a store to where a chain is, through reorganisations. One call at a time. */
export type Sync = {
  /** Does a piece of the work. Rejects with what the chain and the host reject with; then the store is as before the piece. */
  readonly step: () => Promise<SyncStep>
  readonly chainHead: () => number | undefined
  readonly reorgs: () => number
}

export declare namespace createSync {
  type Options = {
    readonly source: ChainSource
    readonly host: Host
    readonly store: Store
    /** The first block to index, if later than what the manifest says. */
    readonly startBlock?: number | undefined
    /** Blocks below the head by so many are fetched in ranges, the rest one by one. */
    readonly steadyDepth?: number | undefined
    /** How many blocks before the head can be asked for; what is older is not even written. All by default. */
    readonly keepBlocks?: number | undefined
    /** Rows that are written at once while ranges are indexed. */
    readonly rowsPerFlush?: number | undefined
  }
}

/** Chains are not reorganised deeper in practice; if one is, it is taken back all the same. */
const STEADY_DEPTH = 64
/** Entities that change again and again are written once in a batch: the more rows, the fewer, and the more memory. */
const ROWS_PER_FLUSH = 5_000

/** Milliseconds of indexing after which answers that have come are read, so that the next range is there when this one ends. */
const MS_PER_TURN = 5

export function createSync(options: createSync.Options): Sync {
  const { source, host, store, steadyDepth = STEADY_DEPTH, keepBlocks = Infinity } = options
  const firstBlock = Math.max(host.startBlock, options.startBlock ?? 0)
  const ranges = createRangeStep(options)
  let chainHead: number | undefined
  let reorgs = 0
  function takeBack(common: CommonBlock): void {
    if (common.hash === store.head()?.hash) return
    ranges.forget()
    store.rollbackTo(common.number)
    host.reload()
    reorgs += 1
  }
  async function advance(): Promise<SyncStep> {
    const head = await source.head()
    chainHead = Number(head.number)
    const last = store.head()
    if (head.hash === last?.hash) return 'at head'
    store.forgetUntil(chainHead - keepBlocks)
    const common = last?.hash === head.parentHash ? last : await findCommonBlock(source, store, firstBlock)
    takeBack(common)
    if (common.number >= chainHead) return 'at head'
    const steady = chainHead - steadyDepth
    return common.number < steady ? ranges.step(common, steady) : stepHead({ source, host, store }, head, common)
  }
  return {
    step: async () => {
      try {
        return await advance()
      } catch (error) {
        // Where blocks could not be written, the data sources that they created are not there either.
        ranges.forget()
        host.reload()
        throw error
      }
    },
    chainHead: () => chainHead,
    reorgs: () => reorgs,
  }
}

/** Reads ranges, one of them before it is asked for. */
function createReadAhead({ source, host }: createSync.Options) {
  const ranges = createRangeReader(source)
  let ahead: { readonly before: CommonBlock; readonly range: Promise<Range | undefined> } | undefined
  const start = (before: CommonBlock, to: number) => ranges.read({ before, to, filtersFor: host.filters })
  return {
    read: (before: CommonBlock, to: number): Promise<Range | undefined> => {
      const range = ahead !== undefined && ahead.before.hash === before.hash ? ahead.range : start(before, to)
      ahead = undefined
      return range
    },
    /** Begins to read what follows a range. */
    begin: ({ end }: Range, to: number): void => {
      if (end.number >= to) return
      const range = start(end, to)
      // Who takes it sees the error; nobody may.
      range.catch(() => undefined)
      ahead = { before: end, range }
    },
    forget: (): void => {
      ahead = undefined
    },
  }
}

/** Indexes ranges, while the next one is fetched. */
function createRangeStep(options: createSync.Options) {
  const { source, host, store, rowsPerFlush = ROWS_PER_FLUSH } = options
  const ahead = createReadAhead(options)
  const fetchLogs = createFetchLogs(source)
  /** Whether the range was indexed to its end. */
  async function index(range: Range): Promise<boolean> {
    let turned = performance.now()
    for (const block of range.blocks) {
      if (performance.now() - turned > MS_PER_TURN) {
        await turn()
        turned = performance.now()
      }
      if (!(await host.process(block, fetchLogs))) continue
      // Data sources that were not there when the range was asked for may have logs in the rest of it.
      ahead.forget()
      return false
    }
    return true
  }
  async function run(common: CommonBlock, to: number): Promise<SyncStep> {
    let before = common
    while (before.number < to) {
      const range = await ahead.read(before, to)
      if (range === undefined) return 'unsteady'
      ahead.begin(range, to)
      if (!(await index(range))) return 'advanced'
      before = range.end
      if (store.pendingRows() < rowsPerFlush && before.number < to) continue
      store.flush(range.end)
      return 'advanced'
    }
    return 'advanced'
  }
  return {
    forget: ahead.forget,
    /** Indexes what follows `common`, up to `to` at most, until there is enough to write. */
    step: async (common: CommonBlock, to: number): Promise<SyncStep> => {
      try {
        return await run(common, to)
      } finally {
        // What came before a range that failed, or changed, is whole.
        store.flush()
      }
    },
  }
}

/** Indexes the blocks after `common` up to `head`, one by one. */
async function stepHead(
  { source, host, store }: createSync.Options,
  head: RpcHeader,
  common: CommonBlock,
): Promise<SyncStep> {
  const headers = await walkBack(source, head, common)
  if (headers === undefined) return 'unsteady'
  try {
    for (const header of headers) {
      const number = Number(header.number)
      const found = await source.block(header.hash, host.filters(number, number))
      if (found === undefined) return 'unsteady'
      await host.process(found, createFetchLogs(source))
    }
  } finally {
    store.flush()
  }
  return 'at head'
}

function createFetchLogs(source: ChainSource): FetchLogs {
  return async (block, filters) => {
    const found = await source.block(block.hash, filters)
    if (found !== undefined) return found.logs
    throw new RunnerError('RPC_FAILED', `Block ${Number(block.number)} is gone.`)
  }
}
