import { Compass, SearchX, Users, WalletMinimal } from 'lucide-react'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import type { FeedView } from './feed-page.ts'

/** Why a view has nothing to show, and what would change it. */
export function FeedEmpty({ view: { order, kind, text = '' } }: { view: FeedView }) {
  if (text !== '') {
    return (
      <EmptyState icon={SearchX} title="No title has these words">
        All of them have to be in it; the last one may be cut short. Some publishers announce no title.
      </EmptyState>
    )
  }
  if (order === 'following') {
    return (
      <EmptyState icon={Users} title="Nothing from those whom you follow">
        Open a content and its creator’s page to follow them. What they publish appears here.
      </EmptyState>
    )
  }
  return kind === undefined ? <NothingPublished /> : <NothingOfKind />
}

/** What is followed is a wallet’s, so there must be one. */
export function FollowingNeedsWallet() {
  return (
    <EmptyState icon={WalletMinimal} title="Connect a wallet to see whom it follows">
      Whom a wallet follows is public, and nothing is asked of it to show that.
    </EmptyState>
  )
}

function NothingOfKind() {
  return (
    <EmptyState icon={SearchX} title="Nothing of this kind">
      Other kinds may have been published. Choose “All” to see them.
    </EmptyState>
  )
}

function NothingPublished() {
  return (
    <EmptyState
      icon={Compass}
      title="Nothing published yet"
      action={<LinkButton href="/publish/">Publish the first</LinkButton>}
    >
      No content is registered on this network so far. What you publish appears here as soon as it is mined.
    </EmptyState>
  )
}
