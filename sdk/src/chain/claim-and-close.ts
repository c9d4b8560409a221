import { isAddressEqual, parseEventLogs } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { ChannelClaim, WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Claims and closes at once, by the payee; closes also where the claim has nothing to add. */
export async function claimAndClose(
  client: WriteClient,
  options: claimAndClose.Options,
): Promise<claimAndClose.Result> {
  const { contracts, claim } = options
  const call = {
    address: contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'claimAndClose',
    args: [claim],
  } as const
  const sent = await send(client, call, options)
  const logs = parseEventLogs({ abi: sliceChannelsAbi, eventName: 'Claimed', logs: sent.receipt.logs })
  const claimed = logs.find(({ address }) => isAddressEqual(address, contracts.channels))
  return { ...sent, paid: claimed?.args.paid ?? 0n, claimed: claimed?.args.claimed }
}

export declare namespace claimAndClose {
  type Options = WriteOptions & { readonly claim: ChannelClaim }
  type Result = WriteResult & {
    /** Transferred now; zero where the claim had nothing to add. */
    readonly paid: bigint
    /** The running total after it, where anything was paid. */
    readonly claimed: bigint | undefined
  }
}
