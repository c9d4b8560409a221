'use client'

import { useQuery } from '@tanstack/react-query'
import { useOwnNode } from '../../web3/own-node.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { bound, shorten } from '../../ui/format.ts'
import { SkeletonText } from '../../ui/skeleton.tsx'

const REFRESH_MS = 10_000

/** Who the own node is connected to. */
export function PeerList() {
  const { client, connection } = useOwnNode()
  const peers = useQuery({
    queryKey: ['node', connection?.url, 'peers'],
    queryFn: ({ signal }) => {
      if (client === undefined) throw new Error('No node is connected.')
      return client.peers({ signal })
    },
    enabled: client !== undefined,
    refetchInterval: REFRESH_MS,
  })
  return (
    <Section title="Peers" hint="Connections of your node, in either direction.">
      {peers.isPending && <SkeletonText />}
      {peers.isError && <p className="text-sm text-bad">Your node does not say who it is connected to.</p>}
      {peers.data?.length === 0 && <p className="text-sm text-quiet">Your node is connected to nobody yet.</p>}
      <ul className="-my-2.5 divide-y divide-line">
        {peers.data?.map(({ peerId, multiaddrs, direction, latencyMs }) => (
          <li key={peerId} className="flex items-center gap-3 py-2.5 text-sm">
            <div className="min-w-0 flex-1">
              <p className="truncate font-mono text-xs" title={peerId}>
                {shorten(peerId, 12, 8)}
              </p>
              <p className="truncate text-xs text-quiet">{bound(multiaddrs[0] ?? 'no address', 120)}</p>
            </div>
            <span className="text-xs text-quiet tabular-nums">
              {latencyMs === undefined ? '' : `${latencyMs.toFixed(0)} ms`}
            </span>
            <Badge>{direction === 'inbound' ? 'in' : 'out'}</Badge>
          </li>
        ))}
      </ul>
    </Section>
  )
}
