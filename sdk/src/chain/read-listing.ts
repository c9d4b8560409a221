import type { Address } from 'viem'
import { keyMarketAbi } from './generated/key-market.ts'
import { read } from './read.ts'
import type { KeyListing, ReadClient, ReadOptions } from './types.ts'

/** Reads what a seller offers of an edition; undefined where it offers nothing. */
export async function readListing(client: ReadClient, options: readListing.Options): Promise<KeyListing | undefined> {
  const { contracts, editionId, seller } = options
  const call = {
    address: contracts.market,
    abi: keyMarketAbi,
    functionName: 'listingOf',
    args: [editionId, seller],
  } as const
  const [listing, available] = await read(client, call, options)
  return listing.quantity === 0n ? undefined : { editionId, seller, ...listing, available }
}

export declare namespace readListing {
  type Options = ReadOptions & { readonly editionId: bigint; readonly seller: Address }
}
