import { TooManyLogs } from '../src/chain/source.ts'
import type { ChainSource } from '../src/chain/source.ts'
import { filterLogs } from './fake-chain.ts'
import type { FakeChain } from './fake-chain.ts'

/**
 * A fake chain as the indexer asks it. `before` runs before every answer, so that the chain can change between any two;
 * replaced blocks are unknown. More than `maxLogs` at once are refused.
 */
export function createMemorySource(chain: FakeChain, before: () => void = () => undefined, maxLogs = 50): ChainSource {
  const now = () => (before(), chain.blocks)
  const byHash = (hash: string) => now().find(({ block }) => block.hash === hash)
  return {
    head: async () => now().at(-1)!.block,
    headers: async (numbers) => {
      const blocks = now()
      return numbers.map((number) => blocks[number]?.block)
    },
    header: async (hash) => byHash(hash)?.block,
    logs: async (filters, from, to) => {
      const blocks = now().slice(from, to + 1)
      const logs = filterLogs(
        blocks.flatMap((block) => block.logs),
        filters,
      )
      if (logs.length > maxLogs && to > from) throw new TooManyLogs()
      return logs
    },
    block: async (hash, filters) => {
      const found = byHash(hash)
      return found && { block: found.block, logs: filterLogs(found.logs, filters) }
    },
    blocks: async (hashes) => {
      const blocks = new Map(now().map((each) => [each.block.hash, each.block]))
      return hashes.map((hash) => blocks.get(hash))
    },
  }
}
