import { claimedIn } from './claimed-logs.ts'
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
  return { ...sent, paid: claimedIn(sent.receipt, contracts)[0]?.paid ?? 0n }
}

export declare namespace claimAndClose {
  type Options = WriteOptions & { readonly claim: ChannelClaim }
  type Result = WriteResult & { readonly paid: bigint }
}
