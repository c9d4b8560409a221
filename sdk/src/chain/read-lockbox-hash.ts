import type { Hex } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/**
 * Reads the sha2-256 of the lockbox that an edition has or had under an epoch; the current one is `Edition.lockboxHash`.
 * @throws `CHAIN_REVERT` with `ContentKeys_LockboxUnknown` for an epoch that no lockbox had.
 */
export async function readLockboxHash(client: ReadClient, options: readLockboxHash.Options): Promise<Hex> {
  const { contracts, editionId, epoch } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'lockboxOf',
    args: [editionId, epoch],
  } as const
  return read(client, call, options)
}

export declare namespace readLockboxHash {
  type Options = ReadOptions & { readonly editionId: bigint; readonly epoch: number }
}
