import type { Address } from 'viem'
import { keyMarketAbi } from './generated/key-market.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Offers keys of the client's account for resale, in place of what it offered of this edition before. The market must be
 * approved first; see `approveMarket`.
 *
 * @throws `CHAIN_REVERT` with `KeyMarket_NotApproved`, `KeyMarket_NotTransferable`, `KeyMarket_BalanceTooLow`, …
 */
export async function listKey(client: WriteClient, options: listKey.Options): Promise<WriteResult> {
  const { contracts, editionId, quantity = 1n, unitPrice, token = NATIVE_TOKEN, expiry } = options
  const call = {
    address: contracts.market,
    abi: keyMarketAbi,
    functionName: 'list',
    args: [editionId, quantity, unitPrice, token, expiry],
  } as const
  return send(client, call, options)
}

export declare namespace listKey {
  type Options = WriteOptions & {
    readonly editionId: bigint
    /** 1 when left out. */
    readonly quantity?: bigint | undefined
    /** Of one key, in base units of `token`; the creator's royalty comes out of it. */
    readonly unitPrice: bigint
    /** The native coin when left out. */
    readonly token?: Address | undefined
    /** Unix seconds; from then on nothing is sold. */
    readonly expiry: bigint
  }
}
