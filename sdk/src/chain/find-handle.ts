import type { Address } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Who has a handle now; the zero address for nobody. */
export async function findHandle(client: ReadClient, options: findHandle.Options): Promise<Address> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'walletOf',
    args: [options.handle],
  } as const
  return read(client, call, options)
}

export declare namespace findHandle {
  type Options = ReadOptions & { readonly handle: string }
}
