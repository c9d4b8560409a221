import type { Metadata } from 'next'
import { ConnectNode } from '../../features/node-connection/connect-node.tsx'
import { Publish } from '../../features/publish/publish.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

export const metadata: Metadata = { title: 'Publish' }

export default function PublishPage() {
  return (
    <>
      <PageHeader title="Publish">Encrypt a work in this page, hand it to your node, and sell keys to it.</PageHeader>
      <Publish connectNode={<ConnectNode />} />
    </>
  )
}
