import type { Hex } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** `closesAt` of a channel that is closed, in the contract's word. */
const CLOSED = 2 ** 40 - 1

/** Reads a channel; undefined when it was never opened. */
export async function readChannel(
  client: ReadClient,
  options: readChannel.Options,
): Promise<readChannel.Result | undefined> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'channelOf',
    args: [options.channelId],
  } as const
  const { deposit, claimed, closesAt, challenge } = await read(client, call, options)
  if (deposit === 0n) return undefined
  if (closesAt === CLOSED) return { state: 'closed', deposit, claimed, challenge }
  if (closesAt === 0) return { state: 'open', deposit, claimed, challenge }
  return { state: 'closing', deposit, claimed, challenge, closesAt }
}

export declare namespace readChannel {
  type Options = ReadOptions & { readonly channelId: Hex }
  type Totals = {
    /** Locked for the payee in total, the claimed part included. */
    readonly deposit: bigint
    /** Running total paid to the payee. */
    readonly claimed: bigint
    /** Seconds between asking to close and closing. */
    readonly challenge: number
  }
  type Result = Totals &
    (
      | { readonly state: 'open' | 'closed' }
      | {
          readonly state: 'closing'
          /** Unix seconds from which `finalizeClose` works. */
          readonly closesAt: number
        }
    )
}
