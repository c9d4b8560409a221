'use client'

import type { ContentRecord, ContentVersion } from '@sluice/sdk/chain'
import Link from 'next/link'
import { Account } from '../../web3/account.tsx'
import { useManifest, usePicture } from '../../web3/use-content-data.ts'
import { CoverArt } from '../../ui/cover-art.tsx'
import { formatAge, formatBytes } from '../../ui/format.ts'
import { describeKind } from '../../ui/kind.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { CardPrice } from './card-price.tsx'

type ContentCardProps = { content: ContentRecord; version: ContentVersion }

/**
 * One content of the feed. Its title and picture are the creator's: shown as text and as a checked picture, no more.
 */
export function ContentCard({ content, version }: ContentCardProps) {
  const { contentId, creator } = content
  const { data: manifest, isPending } = useManifest(version.metaHash)
  const picture = usePicture(manifest?.thumbnail)
  const kind = describeKind(content.kind, manifest?.mime)
  return (
    <Link
      href={`/content/?id=${contentId}`}
      className="group flex h-full flex-col overflow-hidden rounded-2xl border border-line bg-surface shadow-card transition-colors hover:border-line-strong"
    >
      <div className="relative aspect-video shrink-0 overflow-hidden bg-sunken">
        {picture === undefined ? (
          <CoverArt seed={contentId} icon={kind.icon} className="size-full" />
        ) : (
          // The picture is a blob that was checked against its CID; next/image has nothing to add.
          <img
            src={picture}
            alt=""
            className="size-full object-cover transition-transform duration-300 group-hover:scale-[1.02]"
          />
        )}
        <span className="absolute top-3 left-3 inline-flex items-center gap-1.5 rounded-full bg-black/65 px-2.5 py-1 text-xs font-medium text-white">
          <kind.icon aria-hidden="true" className="size-3.5" />
          {kind.label}
        </span>
      </div>
      <div className="flex flex-1 flex-col p-4">
        {isPending ? (
          <Skeleton className="h-5 w-3/4" />
        ) : (
          <h2 className="line-clamp-2 leading-snug font-semibold break-words">
            {manifest?.title ?? 'Nobody online has its description'}
          </h2>
        )}
        <div className="mt-2 flex items-center justify-between gap-3 text-sm text-quiet">
          <Account address={creator} />
          <span className="shrink-0">{formatAge(Number(version.publishedAt), Date.now() / 1000)}</span>
        </div>
        <div className="mt-auto pt-4">
          <div className="flex items-baseline justify-between gap-3 border-t border-line pt-3">
            <CardPrice contentId={contentId} />
            {manifest !== undefined && (
              <span className="shrink-0 text-sm text-quiet">{formatBytes(manifest.byteSize)}</span>
            )}
          </div>
        </div>
      </div>
    </Link>
  )
}

export function ContentCardSkeleton() {
  return (
    <div className="overflow-hidden rounded-2xl border border-line bg-surface">
      <Skeleton className="aspect-video w-full rounded-none" />
      <div className="space-y-3 p-4">
        <Skeleton className="h-5 w-3/4" />
        <Skeleton className="h-4 w-1/2" />
        <Skeleton className="mt-5 h-5 w-1/3" />
      </div>
    </div>
  )
}
