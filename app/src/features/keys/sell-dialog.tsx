'use client'

import { approveMarket, listKey, NATIVE_TOKEN } from '@sluice/sdk/chain'
import type { HeldKey } from '@sluice/sdk/chain'
import { useState } from 'react'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionForm } from '../../web3/transaction-form.tsx'
import { useFormatAmount, useToken } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
import type { TransactionAction } from '../../web3/use-transaction.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formatBps } from './describe-terms.ts'
import { OwnOffer } from './own-offer.tsx'
import { OFFER_DAYS, readSale } from './read-sale.ts'
import type { Sale, SaleDraft } from './read-sale.ts'
import { useRevivedOffers } from './use-own-offers.ts'

type SellDialogProps = { heldKey: HeldKey; open: boolean; onOpenChange: (open: boolean) => void }

/** Offers keys of one edition for resale. */
export function SellDialog({ heldKey, open, onOpenChange }: SellDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Sell a key"
      description="It stays yours, and opens the content for you, until somebody buys it."
    >
      <SellForm heldKey={heldKey} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function SellForm({ heldKey, onDone }: { heldKey: HeldKey; onDone: () => void }) {
  const { balance } = heldKey
  const { editionId } = heldKey.edition
  const { decimals } = useToken(NATIVE_TOKEN)
  const [draft, setDraft] = useState<SaleDraft>({ price: '', quantity: '1', days: '30' })
  const { sale, errors } = readSale(draft, { decimals, balance })
  const transaction = useTransaction({
    what: 'Offer a key',
    key: ['sell', editionId.toString(), draft.price, draft.quantity, draft.days],
    action: useListAction(editionId, sale),
  })
  return (
    <TransactionForm transaction={transaction} label="Offer for sale" done="On offer." onDone={onDone}>
      <SaleFields draft={draft} onChange={setDraft} heldKey={heldKey} sale={sale} errors={errors} />
      <RevivedOffers editionId={editionId} />
    </TransactionForm>
  )
}

/** Older offers that sell again with the approval that the wallet is about to be asked for. */
function RevivedOffers({ editionId }: { editionId: bigint }) {
  const offers = useRevivedOffers(editionId)
  if (offers.length === 0) return null
  return (
    <Notice tone="warn" title="Older offers would sell again">
      The market may hand over none of your keys now. Letting it again puts these on sale too, unless you take them
      back:
      {offers.map((listing) => (
        <OwnOffer key={listing.editionId.toString()} listing={listing} />
      ))}
    </Notice>
  )
}

type SaleFieldsProps = {
  draft: SaleDraft
  onChange: (draft: SaleDraft) => void
  heldKey: HeldKey
  sale: Sale | undefined
  errors: readSale.Errors
}

function SaleFields({ draft, onChange, heldKey: { edition, balance }, sale, errors }: SaleFieldsProps) {
  const { symbol } = useToken(NATIVE_TOKEN)
  const { royaltyBps } = edition.terms
  const change = (part: Partial<SaleDraft>) => onChange({ ...draft, ...part })
  return (
    <>
      <TextField
        label="Price of one key"
        value={draft.price}
        onChange={(event) => change({ price: event.target.value })}
        inputMode="decimal"
        autoComplete="off"
        autoFocus
        suffix={symbol}
        hint={<Share price={sale?.unitPrice} royaltyBps={royaltyBps} />}
        error={draft.price === '' ? undefined : errors.price}
      />
      {balance > 1n && (
        <TextField
          label="Keys"
          value={draft.quantity}
          onChange={(event) => change({ quantity: event.target.value })}
          inputMode="numeric"
          autoComplete="off"
          hint={`You hold ${String(balance)}.`}
          error={errors.quantity}
        />
      )}
      <SelectField
        label="On offer for"
        value={draft.days}
        onChange={(event) => change({ days: event.target.value })}
        hint="The market may ask your wallet once to let it hand over what is bought; it moves nothing that you do not offer."
      >
        {OFFER_DAYS.map((days) => (
          <option key={days} value={String(days)}>
            {days} days
          </option>
        ))}
      </SelectField>
    </>
  )
}

/** What a seller gets of a price. */
function Share({ price, royaltyBps }: { price: bigint | undefined; royaltyBps: number }) {
  const format = useFormatAmount(NATIVE_TOKEN)
  if (price === undefined) return `${formatBps(royaltyBps)} of it are the creator’s royalty.`
  const royalty = (price * BigInt(royaltyBps)) / 10_000n
  return `You get ${format(price - royalty)}; the royalty of ${formatBps(royaltyBps)} is the creator’s.`
}

/** Lets the market hand over what is bought, where it may not yet, and lists the keys. */
function useListAction(editionId: bigint, sale: Sale | undefined): TransactionAction | undefined {
  const { contracts } = useOrigin()
  if (sale === undefined) return undefined
  const { unitPrice, quantity, seconds } = sale
  return async (client, hooks) => {
    await approveMarket(client, { contracts, ...hooks })
    const expiry = BigInt(Math.floor(Date.now() / 1000) + seconds)
    return listKey(client, { contracts, editionId, quantity, unitPrice, expiry, ...hooks })
  }
}
