import type { Address } from 'viem'
import type { SessionPublicKey } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** First unix second at which a session no longer speaks for a wallet; zero when it never did, or was revoked. */
export async function readSessionExpiry(client: ReadClient, options: readSessionExpiry.Options): Promise<bigint> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'sessionExpiry',
    args: [options.payer, options.session],
  } as const
  return read(client, call, options)
}

export declare namespace readSessionExpiry {
  type Options = ReadOptions & { readonly payer: Address; readonly session: SessionPublicKey }
}
