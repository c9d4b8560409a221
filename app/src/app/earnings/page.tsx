import type { Metadata } from 'next'
import { EarningsView } from '../../features/earnings/earnings.tsx'
import { ConnectNode } from '../../features/node-connection/connect-node.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

export const metadata: Metadata = { title: 'Earnings' }

export default function EarningsPage() {
  return (
    <>
      <PageHeader title="Earnings">
        What your node was promised for slices it served, and what of it is collected.
      </PageHeader>
      <EarningsView connectNode={<ConnectNode />} />
    </>
  )
}
