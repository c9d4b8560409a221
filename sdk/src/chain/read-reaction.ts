import type { Address, Hex } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** A wallet's reaction to a content; 0 for none. */
export async function readReaction(client: ReadClient, options: readReaction.Options): Promise<number> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'reactionOf',
    args: [options.wallet, options.contentId],
  } as const
  return read(client, call, options)
}

export declare namespace readReaction {
  type Options = ReadOptions & { readonly wallet: Address; readonly contentId: Hex }
}
