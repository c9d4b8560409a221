import type { Address } from 'viem'
import { keyMarketAbi } from './generated/key-market.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Withdraws all that resales have credited to the client's account in a token. */
export async function withdrawMarketCredits(
  client: WriteClient,
  options: withdrawMarketCredits.Options,
): Promise<WriteResult> {
  const call = {
    address: options.contracts.market,
    abi: keyMarketAbi,
    functionName: 'withdraw',
    args: [options.token],
  } as const
  return send(client, call, options)
}

export declare namespace withdrawMarketCredits {
  type Options = WriteOptions & { readonly token: Address }
}
