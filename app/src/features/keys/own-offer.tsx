'use client'

import { cancelListing } from '@sluice/sdk/chain'
import type { KeyListing, WriteClient } from '@sluice/sdk/chain'
import type { Hash } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useCost, useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { describeEnd } from './describe-terms.ts'
import { standingOf } from './standing.ts'

/** What the wallet offers of an edition, and the way to take it back. */
export function OwnOffer({ listing }: { listing: KeyListing }) {
  const { contracts } = useOrigin()
  const { status } = useWallet()
  const format = useFormatAmount(listing.token)
  const transaction = useTransaction('Take an offer back')
  const { editionId, quantity, unitPrice, expiry } = listing
  const action = (client: WriteClient, hooks: { onHash?: (hash: Hash) => void } = {}) =>
    cancelListing(client, { contracts, editionId, ...hooks })
  const ready = status === 'ready'
  const cost = useCost(['unsell', editionId.toString(), String(unitPrice), String(expiry)], ready ? action : undefined)
  const standing = standingOf(listing, Date.now() / 1000)
  return (
    <div className="mt-3 space-y-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <span className="flex flex-col items-start gap-1">
          <Badge tone={standing.tone}>{standing.label}</Badge>
          <span className="text-quiet tabular-nums">
            {quantity > 1n && `${String(quantity)} × `}
            {format(unitPrice)}, until {describeEnd(expiry)}
          </span>
        </span>
        <Button
          size="small"
          busy={transaction.busy}
          disabled={!ready || cost.isError}
          onClick={() => void transaction.run(action)}
        >
          Take back
        </Button>
      </div>
      {standing.warning !== undefined && <p className="text-sm text-quiet">{standing.warning}</p>}
      {ready ? (
        <TransactionCost cost={cost.data} error={cost.error} />
      ) : (
        <p className="text-sm text-quiet">
          {status === 'wrong-chain'
            ? 'Switch the wallet’s network to take it back.'
            : 'Connect the wallet to take it back.'}
        </p>
      )}
      <TransactionStatus state={transaction.state} done="Taken back." />
    </div>
  )
}
