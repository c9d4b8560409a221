'use client'

import { useQuery } from '@tanstack/react-query'
import { KeyRound, WalletMinimal } from 'lucide-react'
import Link from 'next/link'
import { explainError } from '../../web3/errors.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { findKeys } from './find-keys.ts'
import type { HeldKey } from './find-keys.ts'
import { KeyCard } from './key-card.tsx'

/** The keys of the connected wallet. */
export function MyKeys() {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address } = useWallet()
  const keys = useQuery({
    queryKey: ['chain', 'keys', address],
    queryFn: ({ signal }) => {
      if (address === undefined) throw new Error('No wallet is connected.')
      return findKeys(reader, { contracts, holder: address, signal })
    },
    enabled: address !== undefined,
  })
  if (address === undefined) {
    return (
      <EmptyState icon={WalletMinimal} title="Connect a wallet to see its keys">
        Keys are in your wallet, not on a server. Nothing is asked of it to show them.
      </EmptyState>
    )
  }
  if (keys.isError) {
    const { title, hint } = explainError(keys.error)
    return (
      <Notice tone="bad" title={title} action={<Button onClick={() => void keys.refetch()}>Try again</Button>}>
        {hint}
      </Notice>
    )
  }
  if (keys.isPending) return <KeysSkeleton />
  return keys.data.length === 0 ? <NoKeys /> : <KeyList keys={keys.data} />
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
    <EmptyState
      icon={KeyRound}
      title="No keys yet"
      action={
        <Button asChild variant="primary">
          <Link href="/">Discover content</Link>
        </Button>
      }
    >
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
