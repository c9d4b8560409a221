import { encodeAbiParameters, keccak256 } from 'viem'
import type { Address, Hex } from 'viem'
import { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { send } from './send.ts'
import { CONTENT_KINDS } from './types.ts'
import { titleSuffix } from './title-suffix.ts'
import type { ContentKind, WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Registers a content and its first version under the client's account.
 *
 * @throws `CHAIN_REVERT` with `MetaHashRegistry_ContentExists` when the salt was used before.
 */
export async function publishContent(
  client: WriteClient,
  options: publishContent.Options,
): Promise<publishContent.Result> {
  const { contracts, salt, metaHash, proofRoot, sliceCount, kind, title } = options
  const call = {
    address: contracts.registry,
    abi: metaHashRegistryAbi,
    functionName: 'publish',
    args: [salt, metaHash, proofRoot, sliceCount, CONTENT_KINDS.indexOf(kind)],
    ...(title ? { dataSuffix: titleSuffix(title, metaHash) } : {}),
  } as const
  const sent = await send(client, call, options)
  return { ...sent, contentId: contentId(client.account.address, salt) }
}

export declare namespace publishContent {
  type Options = WriteOptions & {
    /** Chosen by the creator; decides the content id. */
    readonly salt: Hex
    /** sha2-256 of the manifest's bytes. */
    readonly metaHash: Hex
    readonly proofRoot: Hex
    readonly sliceCount: number
    /** The manifest's title, for lists to search; public, see {@link titleSuffix}. None when left out. */
    readonly title?: string | undefined
    readonly kind: ContentKind
  }
  type Result = WriteResult & { readonly contentId: Hex }
}

/** The id that `creator` gets for `salt`: `keccak256(abi.encode(creator, salt))`, known before anything is published. */
export function contentId(creator: Address, salt: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [creator, salt]))
}
