import type { Hex } from 'viem'
import { CLOSED_AT } from '../channel/index.ts'
import { SluiceError } from '../errors.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Reads a channel. @throws `CHANNEL_UNKNOWN` when it was never opened. */
export async function readChannel(client: ReadClient, options: readChannel.Options): Promise<readChannel.Result> {
  const { contracts, channelId } = options
  const call = {
    address: contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'channelOf',
    args: [channelId],
  } as const
  const { deposit, claimed, challenge, ...stored } = await read(client, call, options)
  if (deposit === 0n) {
    throw new SluiceError('CHANNEL_UNKNOWN', 'This channel was never opened.', { details: { channelId } })
  }
  const closesAt = BigInt(stored.closesAt)
  return { state: stateOf(closesAt), deposit, claimed, closesAt, challenge }
}

export declare namespace readChannel {
  type Options = ReadOptions & { readonly channelId: Hex }
  type Result = {
    readonly state: 'open' | 'closing' | 'closed'
    /** Locked for the payee in total, the claimed part included. */
    readonly deposit: bigint
    /** Running total paid to the payee. */
    readonly claimed: bigint
    /** Unix seconds from which `finalizeClose` works; zero while open, `CLOSED_AT` once closed. */
    readonly closesAt: bigint
    /** Seconds between asking to close and closing. */
    readonly challenge: number
  }
}

function stateOf(closesAt: bigint): readChannel.Result['state'] {
  if (closesAt === 0n) return 'open'
  return closesAt === CLOSED_AT ? 'closed' : 'closing'
}
