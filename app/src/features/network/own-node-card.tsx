'use client'

import { explainNodeError } from '../../web3/errors.ts'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import type { NodeStatus } from '@sluice/node/api/client'
import { Address } from '../../ui/address.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { formatBytes, shorten } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Progress } from '../../ui/progress.tsx'
import { SkeletonText } from '../../ui/skeleton.tsx'
import { Stat } from '../../ui/stat.tsx'

/** How the reader's own node is doing. */
export function OwnNodeCard({ connectNode }: { connectNode: React.ReactNode }) {
  const { client, status, error } = useOwnNode()
  if (client === undefined) {
    return (
      <Section title="Your node" hint="None is connected to this page." action={connectNode}>
        <p className="max-w-prose text-sm text-quiet">
          With a node of your own you publish, seed and earn, and trust nobody’s server for this page either.
        </p>
      </Section>
    )
  }
  return (
    <Section title="Your node" action={status !== undefined && <Health status={status} />}>
      {error !== null && (
        <Notice tone="bad" title={explainNodeError(error).title}>
          {explainNodeError(error).hint}
        </Notice>
      )}
      {status === undefined ? error === null && <SkeletonText /> : <StatusFigures status={status} />}
    </Section>
  )
}

function Health({ status }: { status: NodeStatus }) {
  if (!status.chainHealthy) return <Badge tone="bad">Cannot reach its chain</Badge>
  return status.peers === 0 ? <Badge tone="warn">No peers yet</Badge> : <Badge tone="good">Healthy</Badge>
}

function StatusFigures({ status }: { status: NodeStatus }) {
  const format = useFormatAmount(status.price.token)
  const { used, quota } = status.storage
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-4">
      <Stat label="Name">{status.name}</Stat>
      <Stat label="Peer id">
        <span className="font-mono text-sm" title={status.peerId}>
          {shorten(status.peerId, 8, 6)}
        </span>
      </Stat>
      <Stat label="Roles">{status.roles.join(', ') || 'consumer'}</Stat>
      <Stat label="Version">{status.version}</Stat>
      <Stat label="Peers">{status.peers}</Stat>
      <Stat label="Price of a slice">{format(BigInt(status.price.amount))}</Stat>
      <Stat label="Paid to">
        <Address address={status.wallet} />
      </Stat>
      <Stat label="Head">{status.head}</Stat>
      <div className="col-span-full">
        <dt className="text-xs text-quiet">Storage</dt>
        <dd className="mt-0.5 text-sm tabular-nums">
          <span className="font-semibold">{formatBytes(used)}</span> of {formatBytes(quota)}
          <Progress className="mt-2" label="Storage used" value={used} max={Math.max(1, quota)} />
        </dd>
      </div>
    </dl>
  )
}
