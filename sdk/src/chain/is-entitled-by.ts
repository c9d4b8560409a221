import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Whether a wallet has this very edition now: a balance, or a term that has not ended. */
export async function isEntitledBy(client: ReadClient, options: isEntitledBy.Options): Promise<boolean> {
  const { contracts, editionId, holder } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'isEntitledBy',
    args: [editionId, holder],
  } as const
  return read(client, call, options)
}

export declare namespace isEntitledBy {
  type Options = ReadOptions & { readonly editionId: bigint; readonly holder: Address }
}
