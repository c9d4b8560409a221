'use client'

import { NATIVE_TOKEN } from '@sluice/sdk/chain'
import { Coins } from 'lucide-react'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { explainNodeError } from '../../web3/errors.ts'
import { useOwnNode } from '../../web3/own-node.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ChannelList } from './channel-list.tsx'
import { ClaimPanel } from './claim-panel.tsx'
import { ContentEarningsList } from './content-earnings-list.tsx'
import { Totals } from './totals.tsx'
import { useEarnings } from './use-earnings.ts'

/** `connectNode` is how a page lets its reader connect a node. */
export function EarningsView({ connectNode }: { connectNode: React.ReactNode }) {
  const { client, status } = useOwnNode()
  const earnings = useEarnings()
  const token = status?.price.token ?? NATIVE_TOKEN
  if (client === undefined) {
    return (
      <EmptyState icon={Coins} title="What slices earn is on your own node" action={connectNode}>
        It keeps the promises that it was paid with, and claims them from the chain. Connect it to see them.
      </EmptyState>
    )
  }
  if (earnings.isError) {
    return <ErrorNotice error={earnings.error} explain={explainNodeError} retry={earnings.refetch} />
  }
  if (earnings.isPending) return <EarningsSkeleton />
  const { totals, channels, contents } = earnings.data
  return (
    <div className="space-y-6">
      <Totals totals={totals} token={token} />
      <ClaimPanel totals={totals} channels={channels} token={token} />
      <div className="grid gap-6 lg:grid-cols-2">
        <ContentEarningsList contents={contents} token={token} />
        <ChannelList channels={channels} />
      </div>
    </div>
  )
}

function EarningsSkeleton() {
  return (
    <div role="status" aria-busy="true" aria-label="Loading earnings" className="space-y-6">
      <Skeleton className="h-32 rounded-2xl" />
      <div className="grid gap-6 lg:grid-cols-2">
        <Skeleton className="h-64 rounded-2xl" />
        <Skeleton className="h-64 rounded-2xl" />
      </div>
    </div>
  )
}
