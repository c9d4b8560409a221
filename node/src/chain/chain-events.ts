import { contentKeysAbi, metaHashRegistryAbi, sliceChannelsAbi } from '@sluice/sdk/chain'
import { parseEventLogs } from 'viem'
import type { Log } from 'viem'

const WATCHED_ABI = [
  ...sliceChannelsAbi.filter(({ type }) => type === 'event'),
  ...contentKeysAbi.filter(({ type }) => type === 'event'),
  ...metaHashRegistryAbi.filter(({ type }) => type === 'event'),
] as const

/** What the contracts said, decoded; logs of other shapes are left out. */
export function parseChainEvents(logs: Log<bigint, number, false>[]) {
  return parseEventLogs({ abi: WATCHED_ABI, logs })
}

/** One event of SliceChannels, ContentKeys or MetaHashRegistry, told apart by `eventName`. */
export type ChainEvent = ReturnType<typeof parseChainEvents>[number]
