import { nodeRegistryAbi } from './generated/node-registry.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Pays the client's account what it asked for, seven to fourteen days ago. */
export async function unstake(client: WriteClient, options: unstake.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.nodes,
    abi: nodeRegistryAbi,
    functionName: 'unstake',
    args: [],
  } as const
  return send(client, call, options)
}

export declare namespace unstake {
  type Options = WriteOptions
}
