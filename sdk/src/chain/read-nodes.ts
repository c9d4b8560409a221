import type { Address } from 'viem'
import { nodeRegistryAbi } from './generated/node-registry.ts'
import { toRegisteredNode } from './node-record.ts'
import type { RegisteredNode } from './node-record.ts'
import { read } from './read.ts'
import { readRegistryPlace } from './registry-place.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** `readNode` for at most 256 accounts in one request, in their order. */
export async function readNodes(client: ReadClient, options: readNodes.Options): Promise<readonly RegisteredNode[]> {
  const { contracts, owners } = options
  const call = { address: contracts.nodes, abi: nodeRegistryAbi, functionName: 'nodesOf', args: [owners] } as const
  const [place, stored] = await Promise.all([readRegistryPlace(client, contracts), read(client, call, options)])
  return stored.map((record) => toRegisteredNode(place, record))
}

export declare namespace readNodes {
  type Options = ReadOptions & { readonly owners: readonly Address[] }
}
