import type { Address, Hash } from 'viem'
import { buyKey } from '../chain/index.ts'
import type { Edition, WriteClient } from '../chain/index.ts'
import type { Reader } from './context.ts'
import { resolveContent } from './resolve-content.ts'
import { fetchLockbox } from './unlock-content.ts'

export declare namespace buyEdition {
  type Options = {
    readonly edition: Edition
    /** Keys, or durations of a timed edition; 1 when left out. */
    readonly quantity?: bigint
    /** Who gets them; the client's account when left out. */
    readonly recipient?: Address
    readonly referrer?: Address
    /** Most to pay per key, in the edition's token; its price when left out. */
    readonly maxPrice?: bigint
    /** Called as soon as the wallet has sent the transaction. */
    readonly onHash?: (hash: Hash) => void
    readonly signal: AbortSignal
  }
}

/**
 * Buys a key, once it is certain that the edition's keepers can open its lockbox, and with that lockbox only: one that was
 * dealt meanwhile fails the purchase.
 * @throws LOCKBOX_INVALID, NO_PROVIDERS, PRICE_TOO_HIGH, INSUFFICIENT_FUNDS, CHAIN_REVERT
 */
export async function buyEdition(
  reader: Reader,
  client: WriteClient,
  { edition, signal, maxPrice = edition.terms.price, ...options }: buyEdition.Options,
): Promise<buyKey.Result> {
  const { contentId, version, editionId, epoch } = edition
  const { root, record } = await resolveContent(reader, { kind: 'content', contentId }, { version, signal })
  await fetchLockbox(reader, edition, { root, record: record ?? { contentId, version } }, signal)
  return buyKey(client, { contracts: reader.contracts, editionId, epoch, maxPrice, signal, ...options })
}
