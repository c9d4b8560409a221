import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { Edition, ReadClient, ReadOptions } from './types.ts'

/** Reads an edition. @throws `CHAIN_REVERT` with `ContentKeys_EditionUnknown`. */
export async function readEdition(client: ReadClient, options: readEdition.Options): Promise<Edition> {
  const { contracts, editionId } = options
  const call = { address: contracts.keys, abi: contentKeysAbi, functionName: 'editionOf', args: [editionId] } as const
  return { editionId, ...(await read(client, call, options)) }
}

export declare namespace readEdition {
  type Options = ReadOptions & { readonly editionId: bigint }
}
