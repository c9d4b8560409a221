import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { send } from './send.ts'
import type { EditionTerms, WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Creates an edition of a content of the client's account; the lockbox it names has epoch 1. */
export async function createEdition(
  client: WriteClient,
  options: createEdition.Options,
): Promise<createEdition.Result> {
  const { contracts, contentId, editionSalt, terms, version, lockboxHash } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'createEdition',
    args: [contentId, editionSalt, terms, version, lockboxHash],
  } as const
  const sent = await send(client, call, options)
  return { ...sent, editionId: editionId(contentId, editionSalt) }
}

export declare namespace createEdition {
  type Options = WriteOptions & {
    readonly contentId: Hex
    /** Chosen by the creator; decides the edition id. */
    readonly editionSalt: Hex
    readonly terms: EditionTerms
    /** The content's version for which the edition is made. */
    readonly version: number
    /** sha2-256 of the lockbox's bytes. */
    readonly lockboxHash: Hex
  }
  type Result = WriteResult & { readonly editionId: bigint }
}

/** `uint256(keccak256(abi.encode(contentId, editionSalt)))`, known before the edition exists. */
export function editionId(contentId: Hex, editionSalt: Hex): bigint {
  return BigInt(keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [contentId, editionSalt])))
}
