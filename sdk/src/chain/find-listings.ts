import { getAbiItem } from 'viem'
import type { Address } from 'viem'
import { getBlock, getBlockNumber, getLogs } from 'viem/actions'
import { toChainError } from './chain-error.ts'
import { keyMarketAbi } from './generated/key-market.ts'
import { readListing } from './read-listing.ts'
import type { KeyListing, ReadClient, ReadOptions } from './types.ts'

/** Public endpoints commonly refuse wider ranges. */
const BLOCK_RANGE = 2_000n
const MAX_RANGES = 100
const MAX_EDITIONS = 100

const keyListed = getAbiItem({ abi: keyMarketAbi, name: 'KeyListed' })

/**
 * What a seller still offers, whether or not it holds the keys now, as the chain has it: of the last 200,000 blocks,
 * the newest 100 editions. No index is asked.
 */
export async function findListings(client: ReadClient, options: findListings.Options): Promise<readonly KeyListing[]> {
  const [editionIds, { timestamp }] = await Promise.all([
    listedEditions(client, options).catch((error: unknown) => {
      throw toChainError(error, 'Looking for offers')
    }),
    getBlock(client),
  ])
  const listings = await Promise.all(editionIds.map((editionId) => readListing(client, { ...options, editionId })))
  return listings.filter((listing) => listing !== undefined).filter(({ expiry }) => expiry > timestamp)
}

async function listedEditions(client: ReadClient, { contracts, seller }: findListings.Options): Promise<bigint[]> {
  const found = new Set<bigint>()
  let toBlock = await getBlockNumber(client, { cacheTime: 0 })
  for (let range = 0; range < MAX_RANGES && toBlock >= 0n && found.size < MAX_EDITIONS; range += 1) {
    const fromBlock = toBlock >= BLOCK_RANGE ? toBlock - BLOCK_RANGE + 1n : 0n
    const within = { address: contracts.market, fromBlock, toBlock, strict: true } as const
    const logs = await getLogs(client, { ...within, event: keyListed, args: { seller } })
    for (const { args } of logs.toReversed()) found.add(args.editionId)
    toBlock = fromBlock - 1n
  }
  return [...found].slice(0, MAX_EDITIONS)
}

export declare namespace findListings {
  type Options = ReadOptions & { readonly seller: Address }
}
