'use client'

import type { readContent } from '@sluice/sdk/chain'
import { cidOfBlockHash } from '@sluice/sdk/content'
import type { Manifest } from '@sluice/sdk/content'
import type { ReactNode } from 'react'
import { AccountLink } from '../../web3/account.tsx'
import { Badge } from '../../ui/badge.tsx'
import { formatAge, formatBytes, formatCount } from '../../ui/format.ts'
import { describeKind } from '../../ui/kind.ts'
import { Notice } from '../../ui/notice.tsx'
import { SkeletonText } from '../../ui/skeleton.tsx'
import { Facts } from './facts.tsx'

type ContentArticleProps = {
  record: readContent.Result
  manifest: Manifest | undefined
  /** Why there is no manifest, when there is none. */
  error: Error | null
  /** What others think of it. */
  reactions: ReactNode
}

/** What the creator says of the work, as text and nothing else, and what the chain says of it. */
export function ContentArticle({ record, manifest, error, reactions }: ContentArticleProps) {
  const { content, version } = record
  const kind = describeKind(content.kind, manifest?.mime)
  return (
    <article>
      <h1 className="text-2xl font-semibold break-words sm:text-3xl">{manifest?.title ?? kind.label}</h1>
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-quiet">
        <AccountLink address={content.creator} />
        <span>{formatAge(Number(version.publishedAt), Date.now() / 1000)}</span>
        <Badge>
          <kind.icon aria-hidden="true" />
          {kind.label}
        </Badge>
        {content.status === 'delisted' && <Badge tone="warn">Off sale</Badge>}
      </div>
      <div className="mt-4">{reactions}</div>
      {manifest === undefined ? (
        <MissingManifest error={error} />
      ) : (
        manifest.description !== '' && (
          <p className="mt-6 max-w-prose break-words whitespace-pre-line">{manifest.description}</p>
        )
      )}
      <Facts
        className="mt-8"
        facts={[
          { name: 'Size', value: manifest && formatBytes(manifest.byteSize) },
          { name: 'Slices', value: formatCount(version.sliceCount, 'slice') },
          { name: 'Type', value: manifest?.mime },
          { name: 'Version', value: `${String(record.number)} of ${String(content.versionCount)}` },
          { name: 'Content id', value: content.contentId, copy: true },
          { name: 'Meta-hash', value: cidOfBlockHash(version.metaHash).toString(), copy: true },
          { name: 'Root CID', value: manifest?.root.toString(), copy: true },
        ]}
      />
    </article>
  )
}

function MissingManifest({ error }: { error: Error | null }) {
  if (error === null) return <SkeletonText className="mt-6 max-w-prose" />
  return (
    <Notice tone="warn" title="Nobody online has this content’s description" className="mt-6">
      It is registered on the chain, but its creator and seeders do not answer at the moment. Try again later, before
      you buy.
    </Notice>
  )
}
