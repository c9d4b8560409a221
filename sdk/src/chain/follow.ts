import type { Address } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Follows another wallet as the client's account. */
export async function follow(client: WriteClient, options: follow.Options): Promise<WriteResult> {
  const { contracts, target } = options
  const call = { address: contracts.social, abi: socialGraphAbi, functionName: 'follow', args: [target] } as const
  return send(client, call, options)
}

export declare namespace follow {
  type Options = WriteOptions & { readonly target: Address }
}
