import type { Address } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Announces a withdrawal from the escrow of the client's account; replaces an earlier request and starts the delay anew. */
export async function requestWithdraw(client: WriteClient, options: requestWithdraw.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'requestWithdraw',
    args: [options.token, options.amount],
  } as const
  return send(client, call, options)
}

export declare namespace requestWithdraw {
  type Options = WriteOptions & { readonly token: Address; readonly amount: bigint }
}
