'use client'

import type { Edition, KeyOffer } from '@sluice/sdk/chain'
import { useState } from 'react'
import type { Hex } from 'viem'
import { isAddressEqual } from 'viem'
import { AccountLink } from '../../web3/account.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { formatCount } from '../../ui/format.ts'
import { describeEnd, describeTerms } from './describe-terms.ts'
import { OfferDialog } from './offer-dialog.tsx'
import { placeKey } from './places.ts'
import { useOffers } from './use-offers.ts'

type OfferListProps = { contentId: Hex; editions: readonly Edition[] | undefined; sliceCount: number }

/** Keys that holders resell, and the way to buy one; nothing where nobody does. */
export function OfferList({ contentId, editions, sliceCount }: OfferListProps) {
  const { offers, error } = useOffers(contentId, editions)
  const [buying, setBuying] = useState<KeyOffer>()
  return (
    <>
      {offers.length > 0 && <Offers offers={offers} sliceCount={sliceCount} onBuy={setBuying} />}
      {offers.length === 0 && error !== null && (
        <p className="px-1 text-sm text-quiet">Whether holders resell keys to this cannot be listed at the moment.</p>
      )}
      {/* Above the list: what somebody is buying stays before their eyes, whatever becomes of the rows. */}
      {buying !== undefined && <OfferDialog offer={buying} onClose={() => setBuying(undefined)} />}
    </>
  )
}

type OffersProps = { offers: readonly KeyOffer[]; sliceCount: number; onBuy: (offer: KeyOffer) => void }

function Offers({ offers, sliceCount, onBuy }: OffersProps) {
  return (
    <Section title="From holders" hint="Keys that are resold. The creator’s royalty is part of the price.">
      <ul className="-my-3 divide-y divide-line">
        {offers.map((offer) => (
          <li key={placeKey(offer.listing)} className="py-3">
            <OfferRow offer={offer} sliceCount={sliceCount} onBuy={() => onBuy(offer)} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

type OfferRowProps = { offer: KeyOffer; sliceCount: number; onBuy: () => void }

function OfferRow({ offer, sliceCount, onBuy }: OfferRowProps) {
  const { edition, listing } = offer
  const { seller, unitPrice, token, available, expiry } = listing
  const format = useFormatAmount(token)
  const { address, status } = useWallet()
  const own = address !== undefined && isAddressEqual(address, seller)
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <span className="text-lg font-semibold tabular-nums">{format(unitPrice)}</span>
        {own ? (
          <Badge tone="accent">Your offer</Badge>
        ) : (
          <Button size="small" disabled={status !== 'ready'} onClick={onBuy}>
            Buy this key
          </Button>
        )}
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 text-sm text-quiet">
        <AccountLink address={seller} />
        <span className="whitespace-nowrap">
          {formatCount(available, 'key')}, until {describeEnd(expiry)}
        </span>
      </p>
      <p className="mt-1 text-sm text-quiet">{describeTerms(edition.terms, sliceCount).join(' · ')}</p>
    </>
  )
}
