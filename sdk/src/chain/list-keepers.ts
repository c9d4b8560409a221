import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { listNodes } from './list-nodes.ts'
import type { KeeperFault, RegisteredKey, RegisteredNode } from './node-record.ts'
import type { ReadClient, ReadOptions } from './types.ts'

const DEFAULT_MAX_NODES = 4096
const PAGE = 128

/**
 * Lists the registered keepers whose key is proven to be their owner's, and names those that are left out and why. Whether the
 * peer is the owner's too, only the peer can say: ask it for its key before anything is dealt to it.
 */
export async function listKeepers(client: ReadClient, options: listKeepers.Options): Promise<listKeepers.Result> {
  const { maxNodes = DEFAULT_MAX_NODES, signal } = options
  const keepers: listKeepers.Listed[] = []
  const dropped: listKeepers.Dropped[] = []
  let offset: number | undefined = 0
  while (offset !== undefined && offset < maxNodes) {
    if (signal?.aborted) throw new SluiceError('ABORTED', 'listKeepers was stopped.', { cause: signal.reason })
    const limit = Math.min(maxNodes - offset, PAGE)
    const page: listNodes.Result = await listNodes(client, { ...options, role: 'keeper', offset, limit })
    for (const node of page.nodes) {
      const fault = faultOf(node)
      if (isListed(node)) keepers.push(node)
      else if (fault !== undefined) dropped.push({ owner: node.owner, peerId: node.peerIdBytes, fault })
    }
    offset = page.nextOffset
  }
  return { keepers, dropped, complete: offset === undefined }
}

export declare namespace listKeepers {
  type Options = ReadOptions & {
    /** Least firm stake, in base units of the native coin; zero when left out. */
    readonly minStake?: bigint | undefined
    /** Places of the registry to look at; 4,096 when left out. */
    readonly maxNodes?: number | undefined
    readonly signal?: AbortSignal | undefined
  }
  type Listed = RegisteredNode & { readonly peerId: string; readonly keeperKey: RegisteredKey }
  type Dropped = {
    readonly owner: Address
    /** As registered, in binary. */
    readonly peerId: Hex
    readonly fault: KeeperFault | 'no-peer-id'
  }
  type Result = {
    /** In order of first registration. */
    readonly keepers: readonly Listed[]
    readonly dropped: readonly Dropped[]
    /** Whether the whole registry was looked at. */
    readonly complete: boolean
  }
}

function isListed(node: RegisteredNode): node is listKeepers.Listed {
  return node.keeperKey !== undefined && node.peerId !== undefined
}

function faultOf({ keeperFault, peerId }: RegisteredNode): listKeepers.Dropped['fault'] | undefined {
  return keeperFault ?? (peerId === undefined ? 'no-peer-id' : undefined)
}
