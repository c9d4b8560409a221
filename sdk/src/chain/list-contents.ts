import { getAbiItem } from 'viem'
import type { Hex } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import { toChainError } from './chain-error.ts'
import { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { readContents } from './read-contents.ts'
import type { ReadClient, ReadOptions } from './types.ts'

const DEFAULT_LIMIT = 50
const MAX_LIMIT = 1000
/** Public endpoints commonly refuse wider ranges. */
const DEFAULT_BLOCK_RANGE = 2000n
const DEFAULT_MAX_RANGES = 100

const contentPublished = getAbiItem({ abi: metaHashRegistryAbi, name: 'ContentPublished' })

type Found = { readonly contentId: Hex; readonly blockNumber: bigint }

/**
 * Lists published contents, newest first, by their events in bounded block ranges. Where `nextToBlock` is given there may
 * be older ones: pass it as `toBlock` to go on. An index answers this better where one is at hand.
 */
export async function listContents(client: ReadClient, options: listContents.Options): Promise<listContents.Result> {
  const newest = options.toBlock ?? (await latestBlock(client))
  const { found, nextToBlock } = await scan(client, options, newest)
  const contents = await describe(client, options, found)
  return nextToBlock === undefined ? { contents } : { contents, nextToBlock }
}

export declare namespace listContents {
  type Options = ReadOptions & {
    /** Stop at so many; 50 when left out, at most 1,000. A block is never split, so a few more may come. */
    readonly limit?: number | undefined
    /** Newest block to look at; the latest when left out. */
    readonly toBlock?: bigint | undefined
    /** Oldest block to look at, such as that of the deployment. */
    readonly fromBlock?: bigint | undefined
    /** Blocks per request; 2,000 when left out. */
    readonly blockRange?: bigint | undefined
    /** Requests per call; 100 when left out. */
    readonly maxRanges?: number | undefined
    readonly signal?: AbortSignal | undefined
  }
  type Listed = readContents.Listed & { readonly blockNumber: bigint }
  type Result = { readonly contents: readonly Listed[]; readonly nextToBlock?: bigint }
}

/** Walks down from `newest`, a range of blocks at a time, until there is enough or nothing older. */
async function scan(
  client: ReadClient,
  options: listContents.Options,
  newest: bigint,
): Promise<{ found: readonly Found[]; nextToBlock: bigint | undefined }> {
  const { fromBlock = 0n, blockRange = DEFAULT_BLOCK_RANGE, maxRanges = DEFAULT_MAX_RANGES } = options
  const limit = Math.min(options.limit ?? DEFAULT_LIMIT, MAX_LIMIT)
  const found: Found[] = []
  let toBlock = newest
  for (let ranges = 0; ranges < maxRanges && toBlock >= fromBlock && found.length < limit; ranges++) {
    const start = bigintMax(toBlock - blockRange + 1n, fromBlock)
    const { taken, oldest } = take(await publishedBetween(client, options, start, toBlock), limit - found.length)
    found.push(...taken)
    toBlock = (oldest ?? start) - 1n
  }
  return { found, nextToBlock: toBlock >= fromBlock ? toBlock : undefined }
}

function bigintMax(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

async function latestBlock(client: ReadClient): Promise<bigint> {
  // Not viem's remembered number: what was just published must be found.
  return getBlockNumber(client, { cacheTime: 0 }).catch((error: unknown) => {
    throw toChainError(error, 'listContents')
  })
}

/** Newest first. */
async function publishedBetween(
  client: ReadClient,
  { contracts, signal }: listContents.Options,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Found[]> {
  try {
    signal?.throwIfAborted()
    const logs = await getLogs(client, {
      address: contracts.registry,
      event: contentPublished,
      fromBlock,
      toBlock,
      strict: true,
    })
    return logs.map((log) => ({ contentId: log.args.contentId, blockNumber: log.blockNumber })).reverse()
  } catch (error) {
    throw toChainError(error, 'listContents')
  }
}

/** The first `limit`, and whatever else is in the last one's block; `oldest` is that block where logs are left below it. */
function take(logs: readonly Found[], limit: number): { taken: readonly Found[]; oldest?: bigint } {
  const last = logs[limit - 1]
  if (last === undefined) return { taken: logs }
  const end = logs.findIndex(({ blockNumber }) => blockNumber < last.blockNumber)
  return end === -1 ? { taken: logs } : { taken: logs.slice(0, end), oldest: last.blockNumber }
}

async function describe(
  client: ReadClient,
  options: ReadOptions,
  found: readonly Found[],
): Promise<listContents.Listed[]> {
  const blocks = new Map(found.map(({ contentId, blockNumber }) => [contentId, blockNumber]))
  const contents = await readContents(client, { ...options, contentIds: [...blocks.keys()] })
  return contents.map((listed) => ({ ...listed, blockNumber: blocks.get(listed.content.contentId) ?? 0n }))
}
