import { RunnerError } from '../errors.ts'
import type { CommonBlock } from './fork.ts'
import type { ChainSource } from './source.ts'
import { TooManyLogs } from './source.ts'
import type { BlockPointer, BlockWithLogs, LogFilter, RpcHeader, RpcLog } from './types.ts'

/** The blocks of a range that have logs, in order, and the block that the range ends with. */
export type Range = { readonly end: BlockPointer; readonly blocks: readonly BlockWithLogs[] }

/** Fetches ranges of blocks that are as long as suits their logs. */
export type RangeReader = {
  /**
   * The blocks that follow `before`, up to `to` at most. Undefined if the chain changed meanwhile, or no longer has `before`:
   * begin again. Rejects with RPC_FAILED.
   */
  readonly read: (wanted: Wanted) => Promise<Range | undefined>
}

type Wanted = {
  readonly before: CommonBlock
  readonly to: number
  readonly filtersFor: FiltersFor
}

type FiltersFor = (from: number, to: number) => readonly LogFilter[]

const FIRST_BLOCKS = 100
const MAX_BLOCKS = 100_000
/** Enough logs to keep the indexer busy while the next are fetched, few enough to hold two ranges of them in memory. */
const WANTED_LOGS = { least: 700, most: 1_500 } as const

export function createRangeReader(source: ChainSource): RangeReader {
  let size = FIRST_BLOCKS
  async function readLogs(
    from: number,
    to: number,
    filtersFor: FiltersFor,
  ): Promise<{ logs: RpcLog[]; end: RpcHeader | undefined }> {
    for (;;) {
      const last = Math.min(to, from + size - 1)
      const filters = filtersFor(from, last)
      const [end] = await source.headers([last])
      try {
        const logs = filters.length === 0 ? [] : await source.logs(filters, from, last)
        if (logs.length < WANTED_LOGS.least) size = Math.min(MAX_BLOCKS, size * 2)
        else if (logs.length > WANTED_LOGS.most) size = Math.ceil((size * WANTED_LOGS.most) / logs.length)
        return { logs, end }
      } catch (error) {
        if (!(error instanceof TooManyLogs)) throw error
        if (last === from)
          throw new RunnerError('RPC_FAILED', `The logs of block ${from} are refused.`, { cause: error })
        size = Math.max(1, Math.floor((last - from + 1) / 2))
      }
    }
  }
  return {
    read: async ({ before, to, filtersFor }) => {
      const { logs, end } = await readLogs(before.number + 1, to, filtersFor)
      const hashes = [...new Set(logs.map(({ blockHash }) => blockHash))]
      const wanted = new Set(logs.map(({ transactionHash }) => transactionHash))
      const fetched = await source.blocks(hashes, wanted)
      if (end === undefined) return undefined
      // The end's hash covers all before it: if it is the same before and after, so are they.
      const pointer = { number: Number(end.number), hash: end.hash, timestamp: Number(end.timestamp) }
      const ends = before.hash === undefined ? [pointer] : [before, pointer]
      const now = await source.headers(ends.map(({ number }) => number))
      if (ends.some(({ hash }, index) => now[index]?.hash !== hash)) return undefined
      const byHash = Map.groupBy(logs, ({ blockHash }) => blockHash)
      const blocks = fetched.flatMap((block) => (block ? [{ block, logs: byHash.get(block.hash) ?? [] }] : []))
      return blocks.length === hashes.length ? { end: pointer, blocks } : undefined
    },
  }
}
