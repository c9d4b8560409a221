import type { Address } from 'viem'
import { SluiceError } from '../errors.ts'
import { keyMarketAbi } from './generated/key-market.ts'
import { readListing } from './read-listing.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { Permit, WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Buys keys that a holder resells. The price is read from the chain and must not pass `maxPrice`; ERC-20 needs an allowance
 * of the market over the cost first (see `approveToken`), or a permit over `quantity * maxPrice`. Refused where the seller
 * now asks for another token, or the edition's lockbox is no longer the one of `epoch`.
 *
 * @returns `cost`, what was paid in `token`.
 * @throws `NOT_FOUND` where the seller offers nothing, `PRICE_TOO_HIGH`, `INSUFFICIENT_FUNDS`, `CHAIN_REVERT` with the
 * contract's error in `details`.
 */
export async function buyListedKey(client: WriteClient, options: buyListedKey.Options): Promise<buyListedKey.Result> {
  const { contracts, editionId, seller, quantity = 1n, token, maxPrice, epoch, permit } = options
  const listing = await readListing(client, { contracts, editionId, seller })
  if (listing === undefined) {
    throw new SluiceError('NOT_FOUND', `${seller} offers no key of this edition.`, { details: { editionId, seller } })
  }
  const cost = listing.unitPrice * quantity
  const recipient = options.recipient ?? client.account.address
  const args = [editionId, seller, quantity, recipient, token, maxPrice, epoch] as const
  const market = { address: contracts.market, abi: keyMarketAbi } as const

  const sent = permit
    ? await send(
        client,
        { ...market, functionName: 'buyWithPermit', args: [...args, permit.deadline, permit.v, permit.r, permit.s] },
        options,
      )
    : await send(client, { ...market, functionName: 'buy', args, value: token === NATIVE_TOKEN ? cost : 0n }, options)
  return { ...sent, cost }
}

export declare namespace buyListedKey {
  type Options = WriteOptions & {
    readonly editionId: bigint
    readonly seller: Address
    /** 1 when left out. */
    readonly quantity?: bigint | undefined
    /** Who gets them; the client's account when left out. */
    readonly recipient?: Address | undefined
    /** That the buyer means to pay in: `KeyListing.token`, as it was shown. */
    readonly token: Address
    /** Most that the buyer accepts per key, in `token`. */
    readonly maxPrice: bigint
    /** Of the lockbox that the buyer verified: `Edition.epoch`. */
    readonly epoch: number
    readonly permit?: Permit | undefined
  }
  type Result = WriteResult & { readonly cost: bigint }
}
