import type { Address, Hex } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** UTC day since 1970 on which a wallet's last view of a content was counted; 0 for never. */
export async function readLastView(client: ReadClient, options: readLastView.Options): Promise<bigint> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'lastViewOf',
    args: [options.wallet, options.contentId],
  } as const
  return read(client, call, options)
}

export declare namespace readLastView {
  type Options = ReadOptions & { readonly wallet: Address; readonly contentId: Hex }
}
