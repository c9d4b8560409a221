import type { SessionPublicKey } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Ends a session of the client's account at once; vouchers that it already signed stay claimable. */
export async function revoke(client: WriteClient, options: revoke.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'revoke',
    args: [options.session],
  } as const
  return send(client, call, options)
}

export declare namespace revoke {
  type Options = WriteOptions & { readonly session: SessionPublicKey }
}
