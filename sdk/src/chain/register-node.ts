import { bytesToHex, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { peerIdToBytes } from '../wire/peer-id.ts'
import { nodeRegistryAbi } from './generated/node-registry.ts'
import { encodeRoles } from './node-record.ts'
import type { NodeRole } from './node-record.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Registers the node of the client's account, or replaces what was registered. After a change of the peer id a keeper's key
 * must be set anew, since its proof names the peer.
 *
 * @throws `BAD_INPUT` where the peer id is none.
 */
export async function registerNode(client: WriteClient, options: registerNode.Options): Promise<WriteResult> {
  const { peerId, roles, endpoint = '', certificate = zeroHash } = options
  const node = { peerId: bytesToHex(peerIdToBytes(peerId)), roles: encodeRoles(roles), endpoint, certificate }
  const call = {
    address: options.contracts.nodes,
    abi: nodeRegistryAbi,
    functionName: 'register',
    args: [node],
  } as const
  return send(client, call, options)
}

export declare namespace registerNode {
  type Options = WriteOptions & {
    /** libp2p peer id, text. */
    readonly peerId: string
    /** At least one. */
    readonly roles: readonly NodeRole[]
    /** URL or multiaddr, at most 256 bytes; empty when left out. */
    readonly endpoint?: string | undefined
    /** sha2-256 of the node's TLS certificate in DER; none when left out. */
    readonly certificate?: Hex | undefined
  }
}
