import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Withdraws all that sales and referrals have credited to the client's account in a token. */
export async function withdrawKeyCredits(
  client: WriteClient,
  options: withdrawKeyCredits.Options,
): Promise<WriteResult> {
  const call = {
    address: options.contracts.keys,
    abi: contentKeysAbi,
    functionName: 'withdraw',
    args: [options.token],
  } as const
  return send(client, call, options)
}

export declare namespace withdrawKeyCredits {
  type Options = WriteOptions & { readonly token: Address }
}
