import type { Address } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Whether one wallet follows another. */
export async function isFollowing(client: ReadClient, options: isFollowing.Options): Promise<boolean> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'isFollowing',
    args: [options.wallet, options.target],
  } as const
  return read(client, call, options)
}

export declare namespace isFollowing {
  type Options = ReadOptions & { readonly wallet: Address; readonly target: Address }
}
