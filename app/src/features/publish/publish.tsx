'use client'

import { RadioTower } from 'lucide-react'
import { useOwnNode } from '../../web3/own-node.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PublicationProgressCard } from './publication-progress.tsx'
import { PublishForm } from './publish-form.tsx'
import { PublishedCard } from './published-card.tsx'
import { usePublication } from './use-publication.ts'

/** `connectNode` is how a page lets its reader connect a node. */
export function Publish({ connectNode }: { connectNode: React.ReactNode }) {
  const { client } = useOwnNode()
  const publication = usePublication()
  const { state } = publication
  if (client === undefined) {
    return (
      <EmptyState icon={RadioTower} title="Publishing goes through your own node" action={connectNode}>
        It keeps the encrypted slices and serves them to whoever has a key. Start one with{' '}
        <code className="font-mono text-xs">npx sluice start</code> and open the address that it prints, or connect it
        here.
      </EmptyState>
    )
  }
  if (state.phase === 'done') return <PublishedCard published={state.published} onAnother={publication.reset} />
  if (state.phase !== 'idle') {
    return <PublicationProgressCard state={state} onStop={publication.stop} onReset={publication.reset} />
  }
  return <PublishForm onPublish={(job) => void publication.start(job)} />
}
