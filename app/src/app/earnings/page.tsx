import type { Metadata } from 'next'
import { EarningsPanels } from '../../features/earnings/earnings-panels.tsx'
import { ConnectNode } from '../../features/node-connection/connect-node.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

export const metadata: Metadata = { title: 'Earnings' }

export default function EarningsPage() {
  return (
    <>
      <PageHeader title="Earnings">
        What keys and slices brought in, what of it is left to withdraw, and what your node was promised for slices it
        served.
      </PageHeader>
      <EarningsPanels connectNode={<ConnectNode />} />
    </>
  )
}
