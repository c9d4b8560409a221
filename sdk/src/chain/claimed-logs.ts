import { isAddressEqual, parseEventLogs } from 'viem'
import type { Hex, TransactionReceipt } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import type { SluiceContracts } from './types.ts'

/** What a transaction paid out of one channel. */
export type ChannelPaid = {
  readonly channelId: Hex
  /** Transferred now, in the channel's token. */
  readonly paid: bigint
  /** The running total after it. */
  readonly claimed: bigint
}

/** The payments that a transaction made, from its logs. */
export function claimedIn(receipt: TransactionReceipt, { channels }: SluiceContracts): readonly ChannelPaid[] {
  return parseEventLogs({ abi: sliceChannelsAbi, eventName: 'Claimed', logs: receipt.logs })
    .filter(({ address }) => isAddressEqual(address, channels))
    .map(({ args: { channelId, paid, claimed } }) => ({ channelId, paid, claimed }))
}
