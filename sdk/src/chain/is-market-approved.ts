import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/**
 * Whether the market may hand over a seller's keys when they are bought; without it none of its offers sells anything.
 */
export async function isMarketApproved(client: ReadClient, options: isMarketApproved.Options): Promise<boolean> {
  const { contracts, seller } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'isApprovedForAll',
    args: [seller, contracts.market],
  } as const
  return read(client, call, options)
}

export declare namespace isMarketApproved {
  type Options = ReadOptions & { readonly seller: Address }
}
