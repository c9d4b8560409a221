'use client'

import type { HeldKey } from '@sluice/sdk/chain'
import { KeyRound, WalletMinimal } from 'lucide-react'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { KeyCard } from './key-card.tsx'
import { useKeys } from './use-keys.ts'
import { WaitingOffers } from './waiting-offers.tsx'

/** The keys of the connected wallet. */
export function MyKeys() {
  const { holder, keys, error, retry } = useKeys()
  if (holder === undefined) {
    return (
      <EmptyState icon={WalletMinimal} title="Connect a wallet to see its keys">
        Keys are in your wallet, not on a server. Nothing is asked of it to show them.
      </EmptyState>
    )
  }
  if (error !== null) return <ErrorNotice error={error} retry={retry} />
  if (keys === undefined) return <KeysSkeleton />
  return (
    <div className="space-y-5">
      {keys.length === 0 ? <NoKeys /> : <KeyList keys={keys} />}
      <WaitingOffers keys={keys} />
    </div>
  )
}

function KeyList({ keys }: { keys: readonly HeldKey[] }) {
  return (
    <ul className="grid gap-5 lg:grid-cols-2">
      {keys.map((key) => (
        <li key={key.edition.editionId.toString()}>
          <KeyCard heldKey={key} />
        </li>
      ))}
    </ul>
  )
}

function NoKeys() {
  return (
    <EmptyState icon={KeyRound} title="No keys yet" action={<LinkButton href="/">Discover content</LinkButton>}>
      A key that you buy appears here, and so does one that somebody sends you.
    </EmptyState>
  )
}

function KeysSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Looking for keys" className="grid gap-5 lg:grid-cols-2">
      {[0, 1].map((card) => (
        <Skeleton key={card} className="h-36 rounded-2xl" />
      ))}
    </div>
  )
}
