'use client'

import { useQuery } from '@tanstack/react-query'
import { findListings, isMarketApproved, readListing } from '@sluice/sdk/chain'
import type { KeyListing } from '@sluice/sdk/chain'
import { useIndex } from '../../web3/use-index.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { isLive } from './standing.ts'

const REFRESH_MS = 20_000
const MAX_OFFERS = 100

/**
 * What the connected wallet offers, whether or not it has such a key now: where to look says the index, or where there
 * is none the market's events; what is offered there the chain.
 */
export function useOwnOffers(): readonly KeyListing[] {
  const { contracts } = useOrigin()
  const reader = useReader()
  const index = useIndex()
  const { address: seller } = useWallet()
  const editions = useQuery({
    queryKey: [index === undefined ? 'chain' : 'index', 'own-offers', seller],
    queryFn: async ({ signal }) => {
      if (seller === undefined) throw new Error('No wallet is connected.')
      if (index === undefined) return (await findListings(reader, { contracts, seller })).map(editionOf)
      const now = Math.floor(Date.now() / 1000)
      const { rows } = await index.sellersListings({ seller, now, first: MAX_OFFERS, signal })
      return [...new Set(rows.map(editionOf))]
    },
    enabled: seller !== undefined,
    ...(index !== undefined && { refetchInterval: REFRESH_MS }),
  })
  const editionIds = editions.data
  const listings = useQuery({
    queryKey: ['chain', 'own-listings', seller, editionIds?.map(String)],
    queryFn: () => {
      if (seller === undefined || editionIds === undefined) throw new Error('No offers were looked up.')
      return Promise.all(editionIds.map((editionId) => readListing(reader, { contracts, editionId, seller })))
    },
    enabled: seller !== undefined && editionIds !== undefined,
    refetchInterval: REFRESH_MS,
  })
  const now = Date.now() / 1000
  return (listings.data ?? []).filter((listing) => listing !== undefined).filter((listing) => isLive(listing, now))
}

/** Offers of other editions that the approval, which listing a key of this one asks for, would have sell again. */
export function useRevivedOffers(editionId: bigint): readonly KeyListing[] {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: seller } = useWallet()
  const offers = useOwnOffers()
  const { data: approved } = useQuery({
    queryKey: ['chain', 'market-approved', seller],
    queryFn: () => {
      if (seller === undefined) throw new Error('No wallet is connected.')
      return isMarketApproved(reader, { contracts, seller })
    },
    enabled: seller !== undefined,
  })
  return approved === false ? offers.filter((offer) => offer.editionId !== editionId) : []
}

function editionOf({ editionId }: { editionId: bigint }): bigint {
  return editionId
}
