import type { Address, Log as ChainLog, PublicClient } from 'viem'
import { parseChainEvents } from './chain-events.ts'
import type { ChainEvent } from './chain-events.ts'

type MinedLog = ChainLog<bigint, number, false>

/** What a range of blocks holds that was not read before, and whether something that was is gone. */
export type ReadResult = { readonly events: readonly ChainEvent[]; readonly reorganised: boolean }

/** Reads contracts' logs over ranges that may overlap, each log once; remembers those of the last `depth` blocks. */
export function createLogReader(client: PublicClient, addresses: Address[], depth: bigint) {
  /** Logs by block hash and index: the same log in another block is another one. */
  const seen = new Map<string, bigint>()

  function hasVanished(logs: readonly MinedLog[], fromBlock: bigint): boolean {
    const present = new Set(logs.map(keyOf))
    return [...seen].some(([key, block]) => block >= fromBlock && !present.has(key))
  }

  return {
    async read(fromBlock: bigint, toBlock: bigint): Promise<ReadResult> {
      const logs = await client.getLogs({ address: addresses, fromBlock, toBlock })
      const reorganised = hasVanished(logs, fromBlock)
      const fresh = logs.filter((log) => !seen.has(keyOf(log)))
      const present = new Set(logs.map(keyOf))
      for (const [key, block] of seen) {
        if (block < toBlock - depth || (block >= fromBlock && !present.has(key))) seen.delete(key)
      }
      for (const log of fresh) seen.set(keyOf(log), log.blockNumber)
      return { events: parseChainEvents(fresh), reorganised }
    },
  }
}

function keyOf({ blockHash, logIndex }: MinedLog): string {
  return `${blockHash}:${logIndex}`
}
