import type { Address } from 'viem'
import { erc20Abi } from './generated/erc20.ts'
import { read } from './read.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Lets a contract pull `amount` of an ERC-20 from the client's account. Sends nothing where the allowance suffices, or for
 * the native coin, which needs none.
 */
export async function approveToken(
  client: WriteClient,
  options: approveToken.Options,
): Promise<WriteResult | undefined> {
  const { token, spender, amount } = options
  if (token === NATIVE_TOKEN) return undefined
  const erc20 = { address: token, abi: erc20Abi } as const
  const allowance = await read(
    client,
    { ...erc20, functionName: 'allowance', args: [client.account.address, spender] },
    { contracts: options.contracts },
  )
  if (allowance >= amount) return undefined
  return send(client, { ...erc20, functionName: 'approve', args: [spender, amount] }, options)
}

export declare namespace approveToken {
  type Options = WriteOptions & {
    readonly token: Address
    /** `contracts.channels` for deposits, `contracts.keys` for purchases, `contracts.market` for resold keys. */
    readonly spender: Address
    readonly amount: bigint
  }
}
