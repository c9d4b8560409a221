'use client'

import { useQuery } from '@tanstack/react-query'
import { readListing, readOffers } from '@sluice/sdk/chain'
import type { Edition, KeyOffer } from '@sluice/sdk/chain'
import type { Hex } from 'viem'
import { distinctPlaces, placesKey } from './places.ts'
import { useIndexQuery } from '../../web3/use-index.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'

/** The cheapest; who wants more of them asks the command line. */
const SHOWN = 24
const REFRESH_MS = 20_000

/** Keys to a content that holders resell: where to look says the index, what is offered there the chain. */
export function useOffers(contentId: Hex, editions: readonly Edition[] | undefined) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const places = useIndexQuery(['offers', contentId], async (index, signal) => {
    const now = Math.floor(Date.now() / 1000)
    const { rows } = await index.listings({ contentId, now, first: SHOWN, signal })
    return distinctPlaces(rows)
  })
  const offers = useQuery({
    queryKey: ['chain', 'offers', contentId, placesKey(places.data ?? []), editions?.map(({ epoch }) => epoch).join()],
    queryFn: () => readOffers(reader, { contracts, editions: editions ?? [], places: places.data ?? [] }),
    enabled: places.data !== undefined && editions !== undefined,
    // A price is the seller's to change at any moment.
    refetchInterval: REFRESH_MS,
    // One content's list stays while it is looked up again; another content's never does.
    placeholderData: (previous, query) => (query?.queryKey[2] === contentId ? previous : undefined),
  })
  return { offers: offers.data ?? ([] as readonly KeyOffer[]), error: places.error ?? offers.error }
}

/** What the connected wallet offers of an edition, by the chain; null for nothing. */
export function useOwnListing(editionId: bigint) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: seller } = useWallet()
  return useQuery({
    queryKey: ['chain', 'own-listing', editionId.toString(), seller],
    queryFn: async () => {
      if (seller === undefined) throw new Error('No wallet is connected.')
      return (await readListing(reader, { contracts, editionId, seller })) ?? null
    },
    enabled: seller !== undefined,
  })
}
