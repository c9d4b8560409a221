import type { Address } from 'viem'
import type { SessionPublicKey } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Reads what a session may do for a wallet, in one token. */
export async function readGrant(client: ReadClient, options: readGrant.Options): Promise<readGrant.Result> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'grantOf',
    args: [options.payer, options.session, options.token],
  } as const
  return read(client, call, options)
}

export declare namespace readGrant {
  type Options = ReadOptions & {
    readonly payer: Address
    readonly session: SessionPublicKey
    readonly token: Address
  }
  type Result = {
    /** Unix seconds; zero when never granted or revoked. */
    readonly expiry: bigint
    /** Most that may be outstanding at once. */
    readonly limit: bigint
    /** What opens and top-ups may still draw. */
    readonly remaining: bigint
  }
}
