import { parseEventLogs } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { OpenIntent, SessionSignature } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Submits a session's intent; anyone may, in practice the payee does.
 *
 * @throws `SESSION_EXPIRED`, `SIGNATURE_INVALID`, `INSUFFICIENT_FUNDS` (escrow or allowance), `CHAIN_REVERT`.
 */
export async function openChannel(client: WriteClient, options: openChannel.Options): Promise<openChannel.Result> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'open',
    args: [options.intent, options.signature],
  } as const
  const sent = await send(client, call, options)
  const [log] = parseEventLogs({ abi: sliceChannelsAbi, eventName: 'ChannelOpened', logs: sent.receipt.logs })
  if (log === undefined) throw new SluiceError('INTERNAL', 'The contract did not say which channel it opened.')
  return { ...sent, channelId: log.args.channelId }
}

export declare namespace openChannel {
  type Options = WriteOptions & { readonly intent: OpenIntent; readonly signature: SessionSignature }
  type Result = WriteResult & { readonly channelId: Hex }
}
