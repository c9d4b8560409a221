'use client'

import type { ContentSummary } from '@sluice/node/api/client'
import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useOwnNode } from '../../web3/own-node.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { bound, formatBytes } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { SkeletonText } from '../../ui/skeleton.tsx'

const REFRESH_MS = 10_000

/** What the own node keeps and serves. */
export function HeldContents() {
  const { client, connection } = useOwnNode()
  const contents = useQuery({
    queryKey: ['node', connection?.url, 'contents'],
    queryFn: ({ signal }) => {
      if (client === undefined) throw new Error('No node is connected.')
      return client.contents({ signal })
    },
    enabled: client !== undefined,
    refetchInterval: REFRESH_MS,
  })
  return (
    <Section title="Contents" hint="What your node keeps and serves.">
      {contents.isPending && <SkeletonText />}
      {contents.isError && <p className="text-sm text-bad">Your node does not say what it keeps.</p>}
      {contents.data?.length === 0 && (
        <p className="text-sm text-quiet">
          Nothing yet. Publish something, or seed what others published:{' '}
          <code className="font-mono text-xs">npx sluice seed</code>.
        </p>
      )}
      <ul className="-my-3 divide-y divide-line">
        {contents.data?.map((content) => (
          <HeldContent key={content.root} content={content} />
        ))}
      </ul>
    </Section>
  )
}

function HeldContent({ content }: { content: ContentSummary }) {
  const { manifestCid, contentId, title, have, sliceCount, byteLength, origin, pinned, chainKind } = content
  const href = contentId === undefined ? `/content/?cid=${manifestCid}` : `/content/?id=${contentId}`
  return (
    <li className="py-3">
      <div className="flex items-center justify-between gap-3 text-sm">
        <Link href={href} className="min-w-0 truncate rounded font-medium hover:underline">
          {bound(title, 200)}
        </Link>
        <span className="flex shrink-0 gap-1.5">
          {origin && <Badge tone="accent">Yours</Badge>}
          {chainKind === 'open' && <Badge>Open</Badge>}
          {pinned && <Badge>Pinned</Badge>}
        </span>
      </div>
      {have < sliceCount && <Progress className="mt-2" label="Slices here" value={have} max={sliceCount} />}
      <p className="mt-1 text-xs text-quiet tabular-nums">
        {have === sliceCount ? 'Complete' : `${String(have)} of ${String(sliceCount)} slices`},{' '}
        {formatBytes(byteLength)}
      </p>
    </li>
  )
}
