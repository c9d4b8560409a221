import { parseEventLogs } from 'viem'
import type { Address } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Pays a requested withdrawal to the client's account, after its delay: what was requested, or what is left. */
export async function withdraw(client: WriteClient, options: withdraw.Options): Promise<withdraw.Result> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'withdraw',
    args: [options.token],
  } as const
  const sent = await send(client, call, options)
  const [event] = parseEventLogs({ abi: sliceChannelsAbi, eventName: 'Withdrawn', logs: sent.receipt.logs })
  return { ...sent, paid: event?.args.amount ?? 0n }
}

export declare namespace withdraw {
  type Options = WriteOptions & { readonly token: Address }
  /** `paid` in base units of the token. */
  type Result = WriteResult & { readonly paid: bigint }
}
