import type { Descriptor } from '../channel/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Closes a channel at once, by its payee; what was not claimed returns to the payer’s escrow. */
export async function closeChannelNow(client: WriteClient, options: closeChannelNow.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'closeNow',
    args: [options.descriptor],
  } as const
  return send(client, call, options)
}

export declare namespace closeChannelNow {
  type Options = WriteOptions & { readonly descriptor: Descriptor }
}
