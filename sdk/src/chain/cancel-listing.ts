import { keyMarketAbi } from './generated/key-market.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Withdraws what the client's account offers of an edition. @throws `CHAIN_REVERT` with `KeyMarket_ListingUnknown`. */
export async function cancelListing(client: WriteClient, options: cancelListing.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.market,
    abi: keyMarketAbi,
    functionName: 'cancel',
    args: [options.editionId],
  } as const
  return send(client, call, options)
}

export declare namespace cancelListing {
  type Options = WriteOptions & { readonly editionId: bigint }
}
