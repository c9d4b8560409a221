import type { Address } from 'viem'
import { readListing } from './read-listing.ts'
import type { Edition, KeyListing, ReadClient, ReadOptions } from './types.ts'

/**
 * Of places where somebody may offer keys, as an index names them, those where a key of one of these editions can be
 * bought now, with what the chain says of them; the cheapest first, a token after the other.
 */
export async function readOffers(client: ReadClient, options: readOffers.Options): Promise<readonly KeyOffer[]> {
  const editions = new Map(options.editions.map((edition) => [edition.editionId, edition]))
  const offers = await Promise.all(
    options.places.map(async ({ editionId, seller }): Promise<KeyOffer[]> => {
      const edition = editions.get(editionId)
      if (edition === undefined) return []
      const listing = await readListing(client, { ...options, editionId, seller })
      return listing === undefined || listing.available === 0n ? [] : [{ edition, listing }]
    }),
  )
  return offers.flat().sort(byPrice)
}

export declare namespace readOffers {
  type Options = ReadOptions & {
    /** Of the content, as the chain has them: `readEditions`. What is offered of others is left out. */
    readonly editions: readonly Edition[]
    readonly places: readonly { readonly editionId: bigint; readonly seller: Address }[]
  }
}

/** Keys that can be bought of a holder. */
export type KeyOffer = { readonly edition: Edition; readonly listing: KeyListing }

function byPrice({ listing: a }: KeyOffer, { listing: b }: KeyOffer): number {
  if (a.token !== b.token) return a.token < b.token ? -1 : 1
  return a.unitPrice < b.unitPrice ? -1 : Number(a.unitPrice > b.unitPrice)
}
