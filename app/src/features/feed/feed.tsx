'use client'

import type { ContentKind } from '@sluice/sdk/chain'
import { Compass, SearchX } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { explainError } from '../../web3/errors.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { ContentCard, ContentCardSkeleton } from './content-card.tsx'
import { useFeed } from './use-feed.ts'

const FILTERS = [
  { value: 'all', label: 'New' },
  { value: 'media', label: 'Media' },
  { value: 'file', label: 'Files' },
  { value: 'component', label: 'Components' },
] as const satisfies readonly { value: ContentKind | 'all'; label: string }[]

type Filter = (typeof FILTERS)[number]['value']

/** Everything that is for sale, newest first. */
export function Feed() {
  const [filter, setFilter] = useState<Filter>('all')
  const feed = useFeed()
  const active = (feed.data?.pages.flatMap((page) => page.contents) ?? []).filter(
    ({ content }) => content.status === 'active',
  )
  const shown = active.filter(({ content }) => filter === 'all' || content.kind === filter)
  return (
    <div className="space-y-6">
      <Segmented label="Show" value={filter} options={FILTERS} onChange={setFilter} />
      {feed.isError && <FeedError error={feed.error} retry={() => void feed.refetch()} />}
      {feed.isPending && <FeedSkeleton />}
      {shown.length > 0 && (
        <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
          {shown.map((listed) => (
            <li key={listed.content.contentId}>
              <ContentCard content={listed.content} version={listed.latest} />
            </li>
          ))}
        </ul>
      )}
      {feed.isSuccess && shown.length === 0 && <FeedEmpty filtered={active.length > 0} />}
      {feed.hasNextPage && (
        <div className="flex justify-center">
          <Button busy={feed.isFetchingNextPage} onClick={() => void feed.fetchNextPage()}>
            {feed.isFetchingNextPage ? 'Looking further back' : 'Show older'}
          </Button>
        </div>
      )}
    </div>
  )
}

function FeedSkeleton() {
  return (
    <div
      role="status"
      aria-busy="true"
      aria-label="Loading contents"
      className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3"
    >
      {[0, 1, 2, 3, 4, 5].map((card) => (
        <ContentCardSkeleton key={card} />
      ))}
    </div>
  )
}

function FeedError({ error, retry }: { error: Error; retry: () => void }) {
  const { title, hint } = explainError(error)
  return (
    <Notice tone="bad" title={title} action={<Button onClick={retry}>Try again</Button>}>
      {hint}
    </Notice>
  )
}

function FeedEmpty({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={SearchX} title="Nothing of this kind">
        Other kinds have been published. Choose “New” to see them all.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={Compass}
      title="Nothing published yet"
      action={
        <Button asChild variant="primary">
          <Link href="/publish/">Publish the first</Link>
        </Button>
      }
    >
      No content is registered on this network so far. What you publish appears here as soon as it is mined.
    </EmptyState>
  )
}
