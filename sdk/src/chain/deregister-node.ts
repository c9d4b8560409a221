import { nodeRegistryAbi } from './generated/node-registry.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Takes the node of the client's account out of service. What it said stays readable; its stake leaves by `requestUnstake`. */
export async function deregisterNode(client: WriteClient, options: deregisterNode.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.nodes,
    abi: nodeRegistryAbi,
    functionName: 'deregister',
    args: [],
  } as const
  return send(client, call, options)
}

export declare namespace deregisterNode {
  type Options = WriteOptions
}
