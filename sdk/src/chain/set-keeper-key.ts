import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { verifyKeeperRegistration } from '../key/keeper-registration.ts'
import type { KeeperProof } from '../key/keeper-registration.ts'
import { nodeRegistryAbi } from './generated/node-registry.ts'
import { readRegistryPlace } from './registry-place.ts'
import { readNode } from './read-node.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Sets the public key of the client's keeper. The contract takes any proof, so it is checked here first, for the peer id that is
 * registered now.
 *
 * @throws `PROOF_INVALID` for a proof that no reader would accept.
 */
export async function setKeeperKey(client: WriteClient, options: setKeeperKey.Options): Promise<WriteResult> {
  const { contracts, publicKey, proof } = options
  const owner = client.account.address
  const [place, node] = await Promise.all([
    readRegistryPlace(client, contracts),
    readNode(client, { contracts, owner }),
  ])
  if (!verifyKeeperRegistration({ ...place, owner, peerId: node.peerIdBytes, publicKey }, proof)) {
    throw new SluiceError('PROOF_INVALID', 'The proof does not show that this account holds this key, for its node.', {
      hint: 'Make it over the registered peer id, on this chain, with proveKeeperRegistration.',
      details: { owner, peerId: node.peerIdBytes, publicKey },
    })
  }
  const call = {
    address: contracts.nodes,
    abi: nodeRegistryAbi,
    functionName: 'setKeeperKey',
    args: [publicKey, proof.challenge, proof.response],
  } as const
  return send(client, call, options)
}

export declare namespace setKeeperKey {
  type Options = WriteOptions & {
    /** Of the keeper's secret; see `keeperPublicKey`. */
    readonly publicKey: Hex
    /** By `proveKeeperRegistration`. */
    readonly proof: KeeperProof
  }
}
