import { nodeRegistryAbi } from './generated/node-registry.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Adds to the stake of the client's account, in the native coin. An exit that waits stays as it is. */
export async function addStake(client: WriteClient, options: addStake.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.nodes,
    abi: nodeRegistryAbi,
    functionName: 'addStake',
    args: [],
    value: options.amount,
  } as const
  return send(client, call, options)
}

export declare namespace addStake {
  type Options = WriteOptions & { readonly amount: bigint }
}
