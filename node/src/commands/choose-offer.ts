import { readEditions, readOffers } from '@sluice/sdk/chain'
import type { KeyOffer, ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Address, Hex } from 'viem'

export type OfferChoice = {
  readonly contracts: SluiceContracts
  readonly contentId: Hex
  readonly seller: Address
  readonly quantity: bigint
  readonly editionId?: bigint
}

/** What a holder resells of a content now, the cheapest that has so many keys, by the chain. Throws NOT_FOUND. */
export async function chooseOffer(client: ReadClient, choice: OfferChoice): Promise<KeyOffer> {
  const { contracts, contentId, seller, quantity, editionId } = choice
  const editions = await readEditions(client, { contracts, contentId })
  const places = editions
    .filter((edition) => editionId === undefined || edition.editionId === editionId)
    .map((edition) => ({ editionId: edition.editionId, seller }))
  const offers = await readOffers(client, { contracts, editions, places })
  const fitting = offers.find(({ listing }) => listing.available >= quantity)
  if (fitting !== undefined) return fitting
  throw new SluiceError(
    'NOT_FOUND',
    `${seller} does not offer ${quantity === 1n ? 'a key' : 'so many keys'} to this.`,
    {
      hint: `sluice offers ${contentId} lists who does.`,
    },
  )
}
