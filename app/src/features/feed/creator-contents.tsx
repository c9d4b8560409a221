'use client'

import { Compass } from 'lucide-react'
import type { Address } from 'viem'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FeedList } from './feed-list.tsx'

/** What somebody has on sale, newest first. */
export function CreatorContents({ creator }: { creator: Address }) {
  const empty = (
    <EmptyState icon={Compass} title="Nothing on sale">
      What this account publishes appears here as soon as it is mined.
    </EmptyState>
  )
  return <FeedList view={{ order: 'new', creator }} empty={empty} />
}
