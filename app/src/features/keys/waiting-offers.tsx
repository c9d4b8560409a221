'use client'

import { useQuery } from '@tanstack/react-query'
import { readEdition } from '@sluice/sdk/chain'
import type { HeldKey, KeyListing } from '@sluice/sdk/chain'
import Link from 'next/link'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader } from '../../web3/use-wallet.ts'
import { Section } from '../../ui/card.tsx'
import { shorten } from '../../ui/format.ts'
import { OwnOffer } from './own-offer.tsx'
import { useOwnOffers } from './use-own-offers.ts'

/** The wallet's offers of keys that it does not hold now, which no card of a key would show. */
export function WaitingOffers({ keys }: { keys: readonly HeldKey[] }) {
  const held = new Set(keys.map(({ edition }) => edition.editionId))
  const offers = useOwnOffers().filter(({ editionId }) => !held.has(editionId))
  if (offers.length === 0) return null
  return (
    <Section title="Offers without a key" hint="An offer outlives the key that it was made for.">
      <ul className="space-y-4">
        {offers.map((listing) => (
          <li key={listing.editionId.toString()}>
            <OfferedContent listing={listing} />
            <OwnOffer listing={listing} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function OfferedContent({ listing: { editionId } }: { listing: KeyListing }) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { data: edition } = useQuery({
    queryKey: ['chain', 'edition', editionId.toString()],
    queryFn: () => readEdition(reader, { contracts, editionId }),
  })
  if (edition === undefined) return null
  return (
    <Link href={`/content/?id=${edition.contentId}`} className="rounded text-sm font-medium hover:underline">
      Content {shorten(edition.contentId)}
    </Link>
  )
}
