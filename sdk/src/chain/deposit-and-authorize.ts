import type { Address } from 'viem'
import type { SessionPublicKey } from '../session/index.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { Permit, WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Adds to the escrow of the client's account and lets a session draw from it, in one confirmation. ERC-20 needs an
 * allowance (see `approveToken`) or a permit over the amount.
 */
export async function depositAndAuthorize(
  client: WriteClient,
  options: depositAndAuthorize.Options,
): Promise<WriteResult> {
  const { contracts, token, amount, permit } = options
  const channels = { address: contracts.channels, abi: sliceChannelsAbi } as const
  const args = [token, amount, options.session, options.limit, options.expiry] as const
  if (permit) {
    const withPermit = [...args, permit.deadline, permit.v, permit.r, permit.s] as const
    return send(client, { ...channels, functionName: 'depositAndAuthorizeWithPermit', args: withPermit }, options)
  }
  const value = token === NATIVE_TOKEN ? amount : 0n
  return send(client, { ...channels, functionName: 'depositAndAuthorize', args, value }, options)
}

export declare namespace depositAndAuthorize {
  type Options = WriteOptions & {
    readonly token: Address
    readonly amount: bigint
    readonly session: SessionPublicKey
    /** Most that the session may have outstanding at once, in `token`. */
    readonly limit: bigint
    /** Unix seconds; the first at which the session no longer speaks for the wallet. */
    readonly expiry: bigint
    readonly permit?: Permit | undefined
  }
}
