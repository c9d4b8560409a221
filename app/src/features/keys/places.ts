import type { Address } from 'viem'

/** Where somebody may offer keys: a seller of an edition. */
export type OfferPlace = { readonly editionId: bigint; readonly seller: Address }

/** Each place once, however often an index names it, and nothing but the place. */
export function distinctPlaces(rows: readonly OfferPlace[]): readonly OfferPlace[] {
  return [
    ...new Map(rows.map(({ editionId, seller }) => [placeKey({ editionId, seller }), { editionId, seller }])).values(),
  ]
}

/** Tells one place from another. */
export function placeKey({ editionId, seller }: OfferPlace): string {
  return `${seller} ${String(editionId)}`
}

/** Tells one list of places from another. */
export function placesKey(places: readonly OfferPlace[]): string {
  return places.map(placeKey).join()
}
