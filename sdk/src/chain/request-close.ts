import type { Descriptor } from '../channel/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Starts the challenge window, by the payer; the payee can still claim in it. */
export async function requestClose(client: WriteClient, options: requestClose.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'requestClose',
    args: [options.descriptor],
  } as const
  return send(client, call, options)
}

export declare namespace requestClose {
  type Options = WriteOptions & { readonly descriptor: Descriptor }
}
