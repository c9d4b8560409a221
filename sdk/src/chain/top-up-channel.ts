import type { Descriptor } from '../channel/index.ts'
import type { SessionSignature, TopUp } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Submits a session's order to raise a channel's deposit; anyone may. */
export async function topUpChannel(client: WriteClient, options: topUpChannel.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'topUp',
    args: [options.descriptor, options.order, options.signature],
  } as const
  return send(client, call, options)
}

export declare namespace topUpChannel {
  type Options = WriteOptions & {
    readonly descriptor: Descriptor
    readonly order: TopUp
    readonly signature: SessionSignature
  }
}
