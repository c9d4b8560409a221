'use client'

import { cancelListing } from '@sluice/sdk/chain'
import type { KeyListing } from '@sluice/sdk/chain'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
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
  const { editionId, quantity, unitPrice, expiry } = listing
  const { cost, state, busy, wanted, possible, submit } = useTransaction({
    what: 'Take an offer back',
    key: ['unsell', editionId.toString(), String(unitPrice), String(expiry)],
    action: (client, hooks) => cancelListing(client, { contracts, editionId, ...hooks }),
  })
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
        <Button size="small" busy={busy} disabled={!possible} onClick={() => void submit()}>
          Take back
        </Button>
      </div>
      {standing.warning !== undefined && <p className="text-sm text-quiet">{standing.warning}</p>}
      {wanted ? (
        <TransactionCost cost={cost.data} error={cost.error} />
      ) : (
        <p className="text-sm text-quiet">
          {status === 'wrong-chain'
            ? 'Switch the wallet’s network to take it back.'
            : 'Connect the wallet to take it back.'}
        </p>
      )}
      <TransactionStatus state={state} done="Taken back." />
    </div>
  )
}
