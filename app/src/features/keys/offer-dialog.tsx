'use client'

import type { KeyOffer } from '@sluice/sdk/chain'
import { buyOffer } from '@sluice/sdk/client'
import { TransactionStep } from '../../web3/transaction-form.tsx'
import { useContentReader } from '../../web3/use-content-client.ts'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
import { Dialog } from '../../ui/dialog.tsx'

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
  const { editionId, epoch } = edition
  const { seller, unitPrice, token } = listing
  const reader = useContentReader()
  const format = useFormatAmount(token)
  const transaction = useTransaction({
    what: 'Buy a key',
    key: ['buy-offer', editionId.toString(), epoch, seller, String(unitPrice), token],
    action: (client, hooks) => buyOffer(reader, client, { offer, signal: new AbortController().signal, ...hooks }),
  })
  const buy = async () => {
    if (await transaction.submit()) onDone()
  }
  return (
    <div className="flex flex-col gap-4">
      <TransactionStep
        transaction={transaction}
        label={`Buy for ${format(unitPrice)}`}
        done="The key is yours."
        size="large"
        onRun={() => void buy()}
      />
    </div>
  )
}
