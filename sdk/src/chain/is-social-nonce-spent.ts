import type { Address } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Whether a wallet's social action with this nonce was done, or found itself done. */
export async function isSocialNonceSpent(client: ReadClient, options: isSocialNonceSpent.Options): Promise<boolean> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'isNonceSpent',
    args: [options.wallet, options.nonce],
  } as const
  return read(client, call, options)
}

export declare namespace isSocialNonceSpent {
  type Options = ReadOptions & { readonly wallet: Address; readonly nonce: bigint }
}
