import type { Address } from 'viem'
import type { SessionPublicKey } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Lets a session speak for the client's account; without a limit, only where nothing is paid. */
export async function authorize(client: WriteClient, options: authorize.Options): Promise<WriteResult> {
  const { contracts, session, token = NATIVE_TOKEN, limit = 0n, expiry } = options
  const call = {
    address: contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'authorize',
    args: [session, token, limit, expiry],
  } as const
  return send(client, call, options)
}

export declare namespace authorize {
  type Options = WriteOptions & {
    readonly session: SessionPublicKey
    /** The native coin when left out. */
    readonly token?: Address | undefined
    /** Most that the session may have outstanding at once, in `token`; zero when left out. */
    readonly limit?: bigint | undefined
    /** Unix seconds; the session's expiry for all tokens. */
    readonly expiry: bigint
  }
}
