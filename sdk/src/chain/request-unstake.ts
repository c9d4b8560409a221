import { nodeRegistryAbi } from './generated/node-registry.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Announces that stake will leave; replaces an earlier request and starts the seven days anew. */
export async function requestUnstake(client: WriteClient, options: requestUnstake.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.nodes,
    abi: nodeRegistryAbi,
    functionName: 'requestUnstake',
    args: [options.amount],
  } as const
  return send(client, call, options)
}

export declare namespace requestUnstake {
  type Options = WriteOptions & {
    /** The whole stake where that is less. */
    readonly amount: bigint
  }
}
