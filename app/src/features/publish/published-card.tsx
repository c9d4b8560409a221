'use client'

import { cidOfBlockHash } from '@sluice/sdk/content'
import { CircleCheck } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import type { Published } from './publish-job.ts'

/** A publication that is done: its link, its identifiers, and what comes next. */
export function PublishedCard({ published, onAnother }: { published: Published; onAnother: () => void }) {
  const { kind, publication } = published
  // The manifest's CID leads to the title and the type as well; the root's alone would not.
  const path =
    published.kind === 'sealed'
      ? `/content/?id=${published.publication.contentId}`
      : `/content/?cid=${cidOfBlockHash(publication.metaHash).toString()}`
  const rows = [
    ...(kind === 'sealed' ? [{ name: 'Content id', value: published.publication.contentId }] : []),
    { name: 'Root CID', value: publication.root },
    { name: 'Link', value: new URL(path, window.location.origin).href },
  ]
  return (
    <Card className="mx-auto max-w-2xl p-6 sm:p-8">
      <div role="status" className="flex items-center gap-3">
        <CircleCheck aria-hidden="true" className="size-7 text-good" />
        <h2 className="text-xl font-semibold">Published</h2>
      </div>
      <p className="mt-2 text-quiet">
        {kind === 'sealed'
          ? 'Your node serves it from now on. Others that seed it are paid by those who stream it.'
          : 'Your node serves it to whoever has the CID.'}
      </p>
      <dl className="mt-6 divide-y divide-line border-y border-line text-sm">
        {rows.map(({ name, value }) => (
          <div key={name} className="flex items-center gap-4 py-2">
            <dt className="w-24 shrink-0 text-quiet">{name}</dt>
            <dd className="min-w-0 flex-1 truncate font-mono text-xs">{value}</dd>
            <dd>
              <CopyButton text={value} label={`Copy ${name.toLowerCase()}`} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="mt-6 flex flex-wrap gap-2">
        <LinkButton href={path}>Open its page</LinkButton>
        <Button onClick={onAnother}>Publish another</Button>
      </div>
    </Card>
  )
}
