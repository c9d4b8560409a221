import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** What sales and referrals have credited to an account and it has not withdrawn, in the token's base units. */
export async function readKeyCredits(client: ReadClient, options: readKeyCredits.Options): Promise<bigint> {
  const { contracts, account, token } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'creditOf',
    args: [account, token],
  } as const
  return read(client, call, options)
}

export declare namespace readKeyCredits {
  type Options = ReadOptions & { readonly account: Address; readonly token: Address }
}
