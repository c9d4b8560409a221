import type { Address } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Pays a requested withdrawal to the client's account, after its delay: what was requested, or what is left. */
export async function withdraw(client: WriteClient, options: withdraw.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'withdraw',
    args: [options.token],
  } as const
  return send(client, call, options)
}

export declare namespace withdraw {
  type Options = WriteOptions & { readonly token: Address }
}
