'use client'

import type { KeyOffer, WriteClient } from '@sluice/sdk/chain'
import { buyOffer } from '@sluice/sdk/client'
import type { Hash } from 'viem'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useContentReader } from '../../web3/use-content-client.ts'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useCost, useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'

type OfferDialogProps = { offer: KeyOffer; onClose: () => void }

/** Buys one key of a holder, as it was shown when the dialog was opened or not at all. */
export function OfferDialog({ offer, onClose }: OfferDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Buy a key of a holder"
      description="It leaves the holder’s wallet for yours. That its keepers can open it is proven before you pay."
    >
      <Purchase offer={offer} onDone={onClose} />
    </Dialog>
  )
}

function Purchase({ offer, onDone }: { offer: KeyOffer; onDone: () => void }) {
  const { edition, listing } = offer
  const wallet = useWallet()
  const reader = useContentReader()
  const format = useFormatAmount(listing.token)
  const transaction = useTransaction('Buy a key')
  const action = (client: WriteClient, hooks: { onHash?: (hash: Hash) => void } = {}) =>
    buyOffer(reader, client, { offer, signal: new AbortController().signal, ...hooks })
  const cost = useCost(
    [
      'buy-offer',
      edition.editionId.toString(),
      edition.epoch,
      listing.seller,
      String(listing.unitPrice),
      listing.token,
    ],
    wallet.status === 'ready' ? action : undefined,
  )
  const submit = async () => {
    if (await transaction.run(action)) onDone()
  }
  return (
    <div className="flex flex-col gap-4">
      <TransactionCost cost={cost.data} error={cost.error} />
      <Button
        variant="primary"
        size="large"
        className="w-full"
        busy={transaction.busy}
        disabled={wallet.status !== 'ready' || cost.isError}
        onClick={() => void submit()}
      >
        Buy for {format(listing.unitPrice)}
      </Button>
      <TransactionStatus state={transaction.state} done="The key is yours." />
    </div>
  )
}
