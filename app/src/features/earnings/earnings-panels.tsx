'use client'

import type { ReactNode } from 'react'
import { useOwnNode } from '../../web3/own-node.tsx'
import { EarningsView } from './earnings.tsx'
import { IncomeView } from './income-view.tsx'

/** What can be claimed by one's node comes first, where one is connected. */
export function EarningsPanels({ connectNode }: { connectNode: ReactNode }) {
  const { client } = useOwnNode()
  const node = <EarningsView connectNode={connectNode} />
  return (
    <div className="space-y-6">
      {client !== undefined && node}
      <IncomeView />
      {client === undefined && node}
    </div>
  )
}
