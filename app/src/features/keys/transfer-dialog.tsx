'use client'

import { transferKey } from '@sluice/sdk/chain'
import type { HeldKey, KeyListing } from '@sluice/sdk/chain'
import { useState } from 'react'
import { isAddress, zeroAddress } from 'viem'
import type { Address } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionForm } from '../../web3/transaction-form.tsx'
import { useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formatBps } from './describe-terms.ts'
import { OwnOffer } from './own-offer.tsx'
import { isLive } from './standing.ts'

type TransferDialogProps = {
  heldKey: HeldKey
  /** What the wallet offers of the same edition. */
  listing: KeyListing | undefined
  open: boolean
  onOpenChange: (open: boolean) => void
}

/** Hands one key to another address. */
export function TransferDialog({ heldKey, listing, open, onOpenChange }: TransferDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Transfer a key"
      description="Whoever holds the key opens the content. After the transfer that is no longer you."
    >
      {listing !== undefined && isLive(listing, Date.now() / 1000) && <StillOffered listing={listing} />}
      <TransferForm heldKey={heldKey} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function StillOffered({ listing }: { listing: KeyListing }) {
  return (
    <Notice tone="warn" title="Such a key is on offer" className="mb-4">
      The offer stays when the key goes, and would sell the next one that you get at its price. Take it back first.
      <OwnOffer listing={listing} />
    </Notice>
  )
}

function TransferForm({ heldKey, onDone }: { heldKey: HeldKey; onDone: () => void }) {
  const { editionId, terms } = heldKey.edition
  const { contracts } = useOrigin()
  const { address } = useWallet()
  const [text, setText] = useState('')
  const to = readRecipient(text, address)
  const transaction = useTransaction({
    what: 'Transfer a key',
    key: ['transfer', editionId.toString(), to],
    action: to && ((client, hooks) => transferKey(client, { contracts, editionId, to, ...hooks })),
  })
  return (
    <TransactionForm transaction={transaction} label="Transfer" done="Transferred." onDone={onDone}>
      <TextField
        label="To"
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder="0x…"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        hint="Check it twice: a transfer cannot be taken back."
        error={
          text !== '' && to === undefined ? 'The address of another account: 0x and 40 hexadecimal digits.' : undefined
        }
      />
      <Notice tone="info" title="This asks for no price">
        To be paid for the key, sell it instead: here, or on any market for ERC-1155. The creator’s royalty of{' '}
        {formatBps(terms.royaltyBps)} is announced by ERC-2981.
      </Notice>
    </TransactionForm>
  )
}

function readRecipient(text: string, self: Address | undefined): Address | undefined {
  const typed = text.trim()
  // A mixed-case address whose checksum is wrong is refused, which catches most slips.
  return isAddress(typed) && typed !== zeroAddress && typed.toLowerCase() !== self?.toLowerCase() ? typed : undefined
}
