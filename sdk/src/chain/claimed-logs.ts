import { isAddressEqual, parseEventLogs, sliceHex } from 'viem'
import type { Hex, TransactionReceipt } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import type { SluiceContracts } from './types.ts'

/** A channel's running total after a claim, in the channel's token. */
export type ClaimedTotal = { readonly channelId: Hex; readonly claimed: bigint }

const ID_PREFIX_BYTES = 20

/** The totals that a batch of claims on these channels has raised, from its log: those that were skipped are missing. */
export function batchClaimedIn(
  receipt: TransactionReceipt,
  { channels }: SluiceContracts,
  channelIds: readonly Hex[],
): readonly ClaimedTotal[] {
  const ids = new Map(channelIds.map((channelId) => [prefixOf(channelId), channelId]))
  return parseEventLogs({ abi: sliceChannelsAbi, eventName: 'BatchClaimed', logs: receipt.logs })
    .filter(({ address }) => isAddressEqual(address, channels))
    .flatMap(({ args: { totals } }) => totals)
    .flatMap((word) => {
      const channelId = ids.get(prefixOf(word))
      return channelId === undefined ? [] : [{ channelId, claimed: BigInt(sliceHex(word, ID_PREFIX_BYTES)) }]
    })
}

/** The event names a channel by the first 20 bytes of its id. */
function prefixOf(word: Hex): string {
  return sliceHex(word, 0, ID_PREFIX_BYTES).toLowerCase()
}
