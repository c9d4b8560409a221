import type { Address } from 'viem'
import { nodeRegistryAbi } from './generated/node-registry.ts'
import { toRegisteredNode } from './node-record.ts'
import type { RegisteredNode } from './node-record.ts'
import { read } from './read.ts'
import { readRegistryPlace } from './registry-place.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Reads an account's node and checks its keeper's proof. One that never registered has `registeredAt` zero and no roles. */
export async function readNode(client: ReadClient, options: readNode.Options): Promise<RegisteredNode> {
  const { contracts, owner } = options
  const call = { address: contracts.nodes, abi: nodeRegistryAbi, functionName: 'nodeOf', args: [owner] } as const
  const [place, stored] = await Promise.all([readRegistryPlace(client, contracts), read(client, call, options)])
  return toRegisteredNode(place, stored)
}

export declare namespace readNode {
  type Options = ReadOptions & { readonly owner: Address }
}
