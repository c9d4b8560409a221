import type { Address } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { Permit, WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Adds to the escrow of the client's account. ERC-20 needs an allowance (see `approveToken`) or a permit over the amount.
 */
export async function deposit(client: WriteClient, options: deposit.Options): Promise<WriteResult> {
  const { contracts, token, amount, permit } = options
  const channels = { address: contracts.channels, abi: sliceChannelsAbi } as const
  if (permit) {
    const args = [token, amount, permit.deadline, permit.v, permit.r, permit.s] as const
    return send(client, { ...channels, functionName: 'depositWithPermit', args }, options)
  }
  const value = token === NATIVE_TOKEN ? amount : 0n
  return send(client, { ...channels, functionName: 'deposit', args: [token, amount], value }, options)
}

export declare namespace deposit {
  type Options = WriteOptions & {
    readonly token: Address
    readonly amount: bigint
    readonly permit?: Permit | undefined
  }
}
