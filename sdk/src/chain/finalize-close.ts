import type { Descriptor } from '../channel/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Returns what was not claimed to the payer’s escrow, once the challenge window is over; anyone may. */
export async function finalizeClose(client: WriteClient, options: finalizeClose.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'finalizeClose',
    args: [options.descriptor],
  } as const
  return send(client, call, options)
}

export declare namespace finalizeClose {
  type Options = WriteOptions & { readonly descriptor: Descriptor }
}
