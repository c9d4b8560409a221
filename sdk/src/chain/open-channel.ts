import { encodeAbiParameters, keccak256, parseEventLogs } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { OpenIntent, SessionDomain, SessionSignature } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { ChannelDescriptor, WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Submits a session's intent; anyone may, in practice the payee does.
 *
 * @throws `SESSION_EXPIRED`, `SIGNATURE_INVALID`, `INSUFFICIENT_FUNDS` (escrow), `CHAIN_REVERT` with the contract's error.
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

/**
 * The id that a descriptor (or an intent) gets, known before the channel is opened:
 * `keccak256(abi.encode(chainId, contract, payer, payee, token, qx, qy, salt))`.
 */
export function channelId({ chainId, channels }: SessionDomain, descriptor: ChannelDescriptor): Hex {
  const { payer, payee, token, session, salt } = descriptor
  const types = ['uint256', 'address', 'address', 'address', 'address', 'bytes32', 'bytes32', 'bytes32'] as const
  return keccak256(
    encodeAbiParameters(
      types.map((type) => ({ type })),
      [BigInt(chainId), channels, payer, payee, token, session.qx, session.qy, salt],
    ),
  )
}
