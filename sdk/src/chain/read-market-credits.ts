import type { Address } from 'viem'
import { keyMarketAbi } from './generated/key-market.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** What resales have credited to an account as seller or creator and it has not withdrawn, in the token's base units. */
export async function readMarketCredits(client: ReadClient, options: readMarketCredits.Options): Promise<bigint> {
  const { contracts, account, token } = options
  const call = {
    address: contracts.market,
    abi: keyMarketAbi,
    functionName: 'creditOf',
    args: [account, token],
  } as const
  return read(client, call, options)
}

export declare namespace readMarketCredits {
  type Options = ReadOptions & { readonly account: Address; readonly token: Address }
}
