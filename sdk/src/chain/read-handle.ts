import type { Address } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** A wallet's handle; empty for none. */
export async function readHandle(client: ReadClient, options: readHandle.Options): Promise<string> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'handleOf',
    args: [options.wallet],
  } as const
  return read(client, call, options)
}

export declare namespace readHandle {
  type Options = ReadOptions & { readonly wallet: Address }
}
