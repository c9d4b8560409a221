import { getAbiItem } from 'viem'
import type { Hex } from 'viem'
import { getLogs } from 'viem/actions'
import { SluiceError } from '../errors.ts'
import { toChainError } from './chain-error.ts'
import type { Descriptor } from '../channel/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import type { ReadClient, ReadOptions } from './types.ts'

const channelOpened = getAbiItem({ abi: sliceChannelsAbi, name: 'ChannelOpened' })

/**
 * Finds a channel's descriptor by the event of its opening, so that a payer who lost every local note can still close it.
 *
 * @throws `CHANNEL_UNKNOWN`, `RPC_UNREACHABLE`.
 */
export async function findChannel(client: ReadClient, options: findChannel.Options): Promise<findChannel.Result> {
  const { contracts, channelId, fromBlock = 0n } = options
  const logs = await getLogs(client, {
    address: contracts.channels,
    event: channelOpened,
    args: { channelId },
    fromBlock,
    strict: true,
  }).catch((error: unknown) => {
    throw toChainError(error, 'findChannel')
  })
  const opened = logs[0]?.args
  if (opened === undefined) throw new SluiceError('CHANNEL_UNKNOWN', `Channel ${channelId} was never opened.`)
  const { payer, payee, token, qx, qy, salt, challenge } = opened
  return { descriptor: { payer, payee, token, session: { qx, qy }, salt }, challenge }
}

export declare namespace findChannel {
  type Options = ReadOptions & {
    readonly channelId: Hex
    /** Oldest block to look at, such as that of the deployment. */
    readonly fromBlock?: bigint | undefined
  }
  type Result = { readonly descriptor: Descriptor; readonly challenge: number }
}
