import type { Metadata } from 'next'
import { NetworkView } from '../../features/network/network.tsx'
import { ConnectNode } from '../../features/node-connection/connect-node.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

export const metadata: Metadata = { title: 'Network' }

export default function NetworkPage() {
  return (
    <>
      <PageHeader title="Network">The chain, the keepers, and your own node with its peers.</PageHeader>
      <NetworkView connectNode={<ConnectNode />} />
    </>
  )
}
