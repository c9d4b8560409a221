import type { Address, Hash } from 'viem'
import { SluiceError } from '../errors.ts'
import { approveToken, buyListedKey } from '../chain/index.ts'
import type { KeyOffer, WriteClient } from '../chain/index.ts'
import type { Reader } from './context.ts'
import { resolveContent } from './resolve-content.ts'
import { fetchLockbox } from './unlock-content.ts'

export declare namespace buyOffer {
  type Options = {
    /** As it was shown; read from the chain. */
    readonly offer: KeyOffer
    /** Keys; 1 when left out. */
    readonly quantity?: bigint
    /** Who gets them; the client's account when left out. */
    readonly recipient?: Address
    /** Most to pay per key, in the offer's token and its base units; the price as it was shown when left out. */
    readonly maxPrice?: bigint
    /** Called as soon as the wallet has sent a transaction. */
    readonly onHash?: (hash: Hash) => void
    readonly signal: AbortSignal
  }
}

/**
 * Buys a key of a holder, once it is certain that the edition's keepers can open its lockbox, and with that lockbox
 * only, in the token that was shown, for no more than was shown. In an ERC-20 the market is allowed the cost first.
 * @throws LOCKBOX_INVALID, NO_PROVIDERS, NOT_FOUND, PRICE_TOO_HIGH, INSUFFICIENT_FUNDS, CHAIN_REVERT
 */
export async function buyOffer(
  reader: Reader,
  client: WriteClient,
  { offer: { edition, listing }, maxPrice = listing.unitPrice, quantity = 1n, ...options }: buyOffer.Options,
): Promise<buyListedKey.Result> {
  const { contracts } = reader
  const { contentId, version, editionId, epoch } = edition
  const { signal } = options
  const { seller, token, unitPrice } = listing
  if (unitPrice > maxPrice) {
    const details = { unitPrice, maxPrice, token }
    throw new SluiceError('PRICE_TOO_HIGH', 'The holder asks for more than was agreed to.', { details })
  }
  const { root, record } = await resolveContent(reader, { kind: 'content', contentId }, { version, signal })
  await fetchLockbox(reader, edition, { root, record: record ?? { contentId, version } }, signal)
  // What this offer costs and no more: an allowance that is left over is the market's to draw on later.
  const amount = unitPrice * quantity
  await approveToken(client, { contracts, token, spender: contracts.market, amount, ...options })
  return buyListedKey(client, { contracts, editionId, seller, token, quantity, maxPrice, epoch, ...options })
}
