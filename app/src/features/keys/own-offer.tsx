'use client'

import { cancelListing } from '@sluice/sdk/chain'
import type { KeyListing, WriteClient } from '@sluice/sdk/chain'
import type { Hash } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { describeEnd } from './describe-terms.ts'

/** What the wallet offers of an edition, and the way to take it back. */
export function OwnOffer({ listing }: { listing: KeyListing }) {
  const { contracts } = useOrigin()
  const format = useFormatAmount(listing.token)
  const transaction = useTransaction('Take an offer back')
  const { editionId, quantity, unitPrice, available, expiry } = listing
  const action = (client: WriteClient, hooks: { onHash?: (hash: Hash) => void } = {}) =>
    cancelListing(client, { contracts, editionId, ...hooks })
  return (
    <div className="mt-3 border-t border-line pt-3">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <span className="flex flex-col items-start gap-1">
          <Badge tone={available > 0n ? 'accent' : 'neutral'}>{available > 0n ? 'On offer' : 'Offer has ended'}</Badge>
          <span className="text-quiet tabular-nums">
            {quantity > 1n && `${String(quantity)} × `}
            {format(unitPrice)}, until {describeEnd(expiry)}
          </span>
        </span>
        <Button size="small" busy={transaction.busy} onClick={() => void transaction.run(action)}>
          Take back
        </Button>
      </div>
      <TransactionStatus state={transaction.state} done="Taken back." />
    </div>
  )
}
