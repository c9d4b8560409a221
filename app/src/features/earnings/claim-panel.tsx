'use client'

import type { ChannelEarnings, ClaimResult, Earnings } from '@sluice/node/api/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Address } from 'viem'
import { explainNodeError } from '../../web3/errors.ts'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { formatCount, shorten } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { showToast } from '../../ui/toast-store.ts'

type ClaimPanelProps = { totals: Earnings['totals']; channels: readonly ChannelEarnings[]; token: Address }

/** Claims everything that is worth it, in as few transactions as the node can, and says what came of each channel. */
export function ClaimPanel({ totals, channels, token }: ClaimPanelProps) {
  const format = useFormatAmount(token)
  const ready = channels.filter(({ collectable }) => collectable)
  const small = BigInt(totals.notWorthGas)
  const claim = useClaim()
  return (
    <Card className="p-5 sm:p-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <div>
          <h2 className="font-semibold">
            {ready.length === 0
              ? 'Nothing to claim at the moment'
              : `Claim from ${formatCount(ready.length, 'channel')}`}
          </h2>
          <p className="mt-0.5 text-sm text-quiet">
            Your node pays the gas and receives the amount. It claims by itself when it is time; this only does it now.
          </p>
        </div>
        <Button
          variant="primary"
          size="large"
          busy={claim.isPending}
          disabled={ready.length === 0}
          onClick={() => claim.mutate(false)}
        >
          {claim.isPending ? 'Claiming' : `Claim all: ${format(BigInt(totals.collectable))}`}
        </Button>
      </div>
      {small > 0n && <ClaimSmall amount={format(small)} busy={claim.isPending} onClaim={() => claim.mutate(true)} />}
      {claim.isError && (
        <Notice tone="bad" title={explainNodeError(claim.error).title} className="mt-4">
          {explainNodeError(claim.error).hint}
        </Notice>
      )}
      {claim.isSuccess && <ClaimResults results={claim.data} format={format} />}
    </Card>
  )
}

/** Has the own node claim: all that is worth it, or with `true` all that there is. */
function useClaim() {
  const { client } = useOwnNode()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (force: boolean) => {
      if (client === undefined) throw new Error('No node is connected.')
      return client.claim({ force })
    },
    onSuccess: async (results) => {
      showToast({ tone: 'good', title: 'Claimed', text: `From ${formatCount(results.length, 'channel')}.` })
      await queries.invalidateQueries({ queryKey: ['node'] })
    },
  })
}

/** What the node would not claim by itself, and the way to claim it all the same. */
function ClaimSmall({ amount, busy, onClaim }: { amount: string; busy: boolean; onClaim: () => void }) {
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line pt-4">
      <p className="text-sm text-quiet">
        {amount} is left to grow: claiming it now would lose much of it, or more than it is worth, to gas.
      </p>
      <Button busy={busy} onClick={onClaim}>
        Claim anyway
      </Button>
    </div>
  )
}

type ClaimResultsProps = { results: readonly ClaimResult[]; format: (amount: bigint) => string }

function ClaimResults({ results, format }: ClaimResultsProps) {
  if (results.length === 0) {
    return (
      <Notice tone="info" title="Nothing was claimed" className="mt-4">
        By now nothing is worth its gas.
      </Notice>
    )
  }
  return (
    <ul aria-label="What was claimed" className="mt-4 divide-y divide-line border-t border-line text-sm">
      {results.map(({ channelId, amount, txHash }) => (
        <li key={channelId} className="flex flex-wrap justify-between gap-x-4 gap-y-1 py-2.5">
          <span className="font-mono text-xs text-quiet">
            Channel {shorten(channelId)}, transaction {shorten(txHash)}
          </span>
          <span className="font-medium text-good tabular-nums">{format(BigInt(amount))}</span>
        </li>
      ))}
    </ul>
  )
}
