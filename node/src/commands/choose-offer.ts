import { readEditions, readOffers } from '@sluice/sdk/chain'
import type { KeyOffer, ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import { isAddressEqual } from 'viem'
import type { Address, Hex } from 'viem'
import { formatTokenAmount } from './format.ts'

export type OfferChoice = {
  readonly contracts: SluiceContracts
  readonly contentId: Hex
  readonly seller: Address
  readonly quantity: bigint
  /** That the buyer means to pay in. */
  readonly token: Address
  readonly editionId?: bigint
}

/**
 * What a holder resells of a content now, the cheapest in a token that has so many keys, by the chain.
 * Throws NOT_FOUND; BAD_INPUT where it asks for another token.
 */
export async function chooseOffer(client: ReadClient, choice: OfferChoice): Promise<KeyOffer> {
  const { contracts, contentId, seller, editionId } = choice
  const editions = await readEditions(client, { contracts, contentId })
  const places = editions
    .filter((edition) => editionId === undefined || edition.editionId === editionId)
    .map((edition) => ({ editionId: edition.editionId, seller }))
  return pickOffer(await readOffers(client, { contracts, editions, places }), choice)
}

/** The first of a seller's offers that has so many keys for a token. */
export function pickOffer(
  offers: readonly KeyOffer[],
  { contentId, seller, quantity, token }: Pick<OfferChoice, 'contentId' | 'seller' | 'quantity' | 'token'>,
): KeyOffer {
  const fitting = offers.filter(({ listing }) => listing.available >= quantity)
  const offer = fitting.find(({ listing }) => isAddressEqual(listing.token, token))
  if (offer !== undefined) return offer
  const hint = `sluice offers ${contentId} lists who offers keys, and for what.`
  const [other] = fitting
  if (other !== undefined) {
    const asked = formatTokenAmount(other.listing.unitPrice, other.listing.token)
    throw new SluiceError('BAD_INPUT', `${seller} asks ${asked} for a key, which is another token.`, { hint })
  }
  throw new SluiceError(
    'NOT_FOUND',
    `${seller} does not offer ${quantity === 1n ? 'a key' : 'so many keys'} to this.`,
    {
      hint,
    },
  )
}
