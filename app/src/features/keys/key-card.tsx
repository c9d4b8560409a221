'use client'

import { useQuery } from '@tanstack/react-query'
import { readContent } from '@sluice/sdk/chain'
import type { HeldKey, KeyListing } from '@sluice/sdk/chain'
import { Send, Tag } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useManifest, usePicture } from '../../web3/use-content-data.ts'
import { useReader } from '../../web3/use-wallet.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CoverArt } from '../../ui/cover-art.tsx'
import { describeKind } from '../../ui/kind.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { describeTerms } from './describe-terms.ts'
import { OwnOffer } from './own-offer.tsx'
import { SellDialog } from './sell-dialog.tsx'
import { TransferDialog } from './transfer-dialog.tsx'
import { useOwnListing } from './use-offers.ts'

/** One key: what it opens, until when, and how to hand it on. */
export function KeyCard({ heldKey }: { heldKey: HeldKey }) {
  const { edition, balance, expiresAt } = heldKey
  const listing = useOwnListing(edition.editionId).data
  const { manifest, kind, picture, sliceCount } = useKeyContent(heldKey)
  return (
    <Card className="flex h-full gap-4 p-4">
      <Link
        href={`/content/?id=${edition.contentId}`}
        tabIndex={-1}
        aria-hidden="true"
        className="w-32 shrink-0 sm:w-44"
      >
        {picture === undefined ? (
          <CoverArt seed={edition.contentId} icon={kind.icon} className="aspect-video rounded-xl" />
        ) : (
          <img src={picture} alt="" className="aspect-video w-full rounded-xl object-cover" />
        )}
      </Link>
      <div className="flex min-w-0 flex-1 flex-col">
        <h2 className="line-clamp-2 leading-snug font-semibold break-words">
          <Link href={`/content/?id=${edition.contentId}`} className="rounded hover:underline">
            {manifest.isPending ? (
              <Skeleton className="h-5 w-40" />
            ) : (
              (manifest.data?.title ?? 'Title not available now')
            )}
          </Link>
        </h2>
        <p className="mt-1 text-sm text-quiet">{describeTerms(edition.terms, sliceCount).join(' · ')}</p>
        <div className="mt-auto flex flex-wrap items-center gap-2 pt-3">
          <Validity balance={balance} expiresAt={expiresAt} />
          {edition.terms.transferable && edition.terms.duration === 0 && balance > 0n && (
            <KeyActions heldKey={heldKey} listing={listing} />
          )}
        </div>
        {listing !== undefined && listing !== null && <OwnOffer listing={listing} />}
      </div>
    </Card>
  )
}

type KeyActionsProps = {
  heldKey: HeldKey
  /** What the wallet offers of it; null for nothing, undefined while that is not known. */
  listing: KeyListing | null | undefined
}

/** What can be done with a key that may change hands. */
function KeyActions({ heldKey, listing }: KeyActionsProps) {
  const [transferring, setTransferring] = useState(false)
  const [selling, setSelling] = useState(false)
  return (
    <span className="ml-auto flex flex-wrap gap-2">
      {listing === null && (
        <Button size="small" onClick={() => setSelling(true)}>
          <Tag aria-hidden="true" />
          Sell
        </Button>
      )}
      <Button size="small" onClick={() => setTransferring(true)}>
        <Send aria-hidden="true" />
        Transfer
      </Button>
      <SellDialog heldKey={heldKey} open={selling} onOpenChange={setSelling} />
      <TransferDialog
        heldKey={heldKey}
        listing={listing ?? undefined}
        open={transferring}
        onOpenChange={setTransferring}
      />
    </span>
  )
}

function useKeyContent({ edition }: HeldKey) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { data: content } = useQuery({
    queryKey: ['chain', 'content', edition.contentId, edition.version],
    queryFn: () => readContent(reader, { contracts, contentId: edition.contentId, version: edition.version }),
  })
  const manifest = useManifest(content?.version.metaHash)
  const picture = usePicture(manifest.data?.thumbnail)
  const kind = describeKind(content?.content.kind ?? 'file', manifest.data?.mime)
  return { manifest, picture, kind, sliceCount: content?.version.sliceCount }
}

function Validity({ balance, expiresAt }: { balance: bigint; expiresAt: bigint }) {
  if (expiresAt === 0n) return <Badge tone="good">{balance === 1n ? '1 key' : `${String(balance)} keys`}</Badge>
  const end = new Date(Number(expiresAt) * 1000)
  const over = end.getTime() < Date.now()
  return (
    <Badge tone={over ? 'neutral' : 'good'}>
      {over ? 'Ended' : 'Until'} {end.toLocaleDateString(undefined, { dateStyle: 'medium' })}
    </Badge>
  )
}
