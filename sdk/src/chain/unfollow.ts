import type { Address } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Stops following another wallet as the client's account. */
export async function unfollow(client: WriteClient, options: unfollow.Options): Promise<WriteResult> {
  const { contracts, target } = options
  const call = { address: contracts.social, abi: socialGraphAbi, functionName: 'unfollow', args: [target] } as const
  return send(client, call, options)
}

export declare namespace unfollow {
  type Options = WriteOptions & { readonly target: Address }
}
