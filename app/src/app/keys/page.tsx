import type { Metadata } from 'next'
import { MyKeys } from '../../features/keys/my-keys.tsx'
import { PageHeader } from '../../ui/page-header.tsx'

export const metadata: Metadata = { title: 'My keys' }

export default function KeysPage() {
  return (
    <>
      <PageHeader title="My keys">
        Each key is a token in your wallet. Whoever holds it can open the content, from any device, for as long as it
        runs.
      </PageHeader>
      <MyKeys />
    </>
  )
}
