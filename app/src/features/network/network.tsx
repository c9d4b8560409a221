'use client'

import { useQuery } from '@tanstack/react-query'
import { CONTRACT_NAMES } from '@sluice/sdk/chain'
import { createHttpNetwork } from '@sluice/sdk/client'
import { getBlock } from 'viem/actions'
import { chainOf } from '../../web3/chains.ts'
import { originUrl } from '../../web3/origin.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useIndex } from '../../web3/use-index.ts'
import { useIndexLag } from '../../web3/use-index-lag.ts'
import { useReader } from '../../web3/use-wallet.ts'
import { Badge } from '../../ui/badge.tsx'
import { Section } from '../../ui/card.tsx'
import { formatAge, shorten } from '../../ui/format.ts'
import { SkeletonText } from '../../ui/skeleton.tsx'
import { Stat } from '../../ui/stat.tsx'
import { HeldContents } from './held-contents.tsx'
import { OwnNodeCard } from './own-node-card.tsx'
import { PeerList } from './peer-list.tsx'

const REFRESH_MS = 10_000

/** `connectNode` is how a page lets its reader connect a node. */
export function NetworkView({ connectNode }: { connectNode: React.ReactNode }) {
  const { client } = useOwnNode()
  return (
    <div className="space-y-6">
      <div className="grid gap-6 lg:grid-cols-2">
        <ChainCard />
        <KeepersCard />
      </div>
      <OwnNodeCard connectNode={connectNode} />
      {client !== undefined && (
        <div className="grid gap-6 lg:grid-cols-2">
          <HeldContents />
          <PeerList />
        </div>
      )}
    </div>
  )
}

function ChainCard() {
  const info = useOrigin()
  const reader = useReader()
  const block = useQuery({
    queryKey: ['chain', 'head'],
    queryFn: () => getBlock(reader),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Section
      title="Chain"
      hint="As the node that serves this page sees it."
      action={
        <Badge tone={block.isError ? 'bad' : 'good'}>
          {block.isError ? 'Not answering' : block.isPending ? 'Asking' : 'Up'}
        </Badge>
      }
    >
      <dl className="grid grid-cols-2 gap-4">
        <Stat label="Network">{chainOf(info).name}</Stat>
        <Stat label="Chain id">{info.chainId}</Stat>
        <Stat label="Latest block">{block.data?.number.toString() ?? 'unknown'}</Stat>
        <Stat label="Mined">
          {block.data === undefined ? 'unknown' : formatAge(Number(block.data.timestamp), Date.now() / 1000)}
        </Stat>
        <Stat label="Index">
          <IndexFigure />
        </Stat>
        {Object.entries(info.contracts).map(([name, address]) => (
          <Stat key={name} label={CONTRACT_NAMES[name as keyof typeof CONTRACT_NAMES]}>
            <span className="font-mono text-sm" title={address}>
              {shorten(address)}
            </span>
          </Stat>
        ))}
      </dl>
    </Section>
  )
}

/** Where the index is that lists come from, beside the chain. */
function IndexFigure() {
  const named = useIndex() !== undefined
  const { data: lag, isError } = useIndexLag()
  if (!named) return 'none named'
  if (isError) return 'not answering'
  if (lag === undefined) return 'unknown'
  return `Block ${String(lag.block)}${lag.behind === 0 ? '' : `, ${String(lag.behind)} behind`}`
}

function KeepersCard() {
  const keepers = useQuery({
    queryKey: ['keepers', 'all'],
    queryFn: ({ signal }) =>
      createHttpNetwork({ origin: originUrl() }).findKeepers({
        signal: AbortSignal.any([signal, AbortSignal.timeout(REFRESH_MS)]),
      }),
    refetchInterval: REFRESH_MS,
  })
  return (
    <Section title="Keepers" hint="They release content keys to whoever holds the token.">
      {keepers.isPending && <SkeletonText />}
      {keepers.isError && <p className="text-sm text-bad">The node does not say which keepers answer.</p>}
      {keepers.data?.length === 0 && <p className="text-sm text-quiet">No keeper answers at the moment.</p>}
      <ul className="-my-2.5 divide-y divide-line">
        {keepers.data?.map(({ peerId, publicKey }) => (
          <li key={peerId} className="flex items-center gap-3 py-2.5 text-sm">
            <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-good" />
            <span className="min-w-0 flex-1 truncate font-mono text-xs" title={peerId}>
              {shorten(peerId, 12, 8)}
            </span>
            <span className="font-mono text-xs text-quiet" title={publicKey}>
              {shorten(publicKey)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
