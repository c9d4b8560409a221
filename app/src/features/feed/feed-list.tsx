'use client'

import { Info } from 'lucide-react'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { Button } from '../../ui/button.tsx'
import { ContentCard, ContentCardSkeleton } from './content-card.tsx'
import type { FeedPage, FeedView } from './feed-page.ts'
import { useFeed } from './use-feed.ts'

const GRID = 'grid gap-5 sm:grid-cols-2 lg:grid-cols-3'

/** The contents of a view as cards; `empty` where there are none. */
export function FeedList({ view, empty }: { view: FeedView; empty: ReactNode }) {
  const feed = useFeed(view)
  const pages = feed.data?.pages ?? []
  return (
    <div className="space-y-6">
      {feed.isError && <ErrorNotice error={feed.error} retry={feed.refetch} />}
      {feed.isPending && <FeedSkeleton />}
      {feed.isSuccess && <Pages pages={pages} empty={feed.hasNextPage ? null : empty} />}
      {feed.hasNextPage && (
        <div className="flex justify-center">
          <Button busy={feed.isFetchingNextPage} onClick={() => void feed.fetchNextPage()}>
            {feed.isFetchingNextPage ? 'Looking further' : 'Show more'}
          </Button>
        </div>
      )}
    </div>
  )
}

function Pages({ pages, empty }: { pages: readonly FeedPage[]; empty: ReactNode }) {
  // What rose between two pages is on both.
  const shown = new Map(pages.flatMap(({ contents }) => contents).map((listed) => [listed.content.contentId, listed]))
  if (shown.size === 0) return empty
  return (
    <>
      {pages[0]?.standIn === true && <StandIn />}
      <ul className={GRID}>
        {[...shown.values()].map((listed) => (
          <li key={listed.content.contentId}>
            <ContentCard content={listed.content} version={listed.latest} />
          </li>
        ))}
      </ul>
    </>
  )
}

function StandIn() {
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-quiet">
      <Info aria-hidden="true" className="size-4 shrink-0" />
      The index does not answer at the moment. This list is read from the chain instead.
    </p>
  )
}

function FeedSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading contents" className={GRID}>
      {[0, 1, 2, 3, 4, 5].map((card) => (
        <ContentCardSkeleton key={card} />
      ))}
    </div>
  )
}
