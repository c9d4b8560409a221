import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** What a wallet has of an edition: a balance where it is perpetual, an end where it is timed. */
export async function readKey(client: ReadClient, options: readKey.Options): Promise<readKey.Result> {
  const { contracts, editionId, holder } = options
  const keys = { address: contracts.keys, abi: contentKeysAbi } as const
  const [balance, expiresAt] = await Promise.all([
    read(client, { ...keys, functionName: 'balanceOf', args: [holder, editionId] }, options),
    read(client, { ...keys, functionName: 'expiresAt', args: [editionId, holder] }, options),
  ])
  return { balance, expiresAt }
}

export declare namespace readKey {
  type Options = ReadOptions & { readonly editionId: bigint; readonly holder: Address }
  type Result = {
    readonly balance: bigint
    /** Unix seconds; zero for perpetual editions and strangers. */
    readonly expiresAt: bigint
  }
}
