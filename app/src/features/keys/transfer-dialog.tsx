'use client'

import { transferKey } from '@sluice/sdk/chain'
import type { HeldKey, KeyListing, WriteClient } from '@sluice/sdk/chain'
import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { isAddress, zeroAddress } from 'viem'
import type { Address, Hash } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useCost, useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
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

function TransferForm({ heldKey: { edition }, onDone }: { heldKey: HeldKey; onDone: () => void }) {
  const { contracts } = useOrigin()
  const { address } = useWallet()
  const [text, setText] = useState('')
  const transaction = useTransaction('Transfer a key')
  const to = readRecipient(text, address)
  const action =
    to === undefined
      ? undefined
      : (client: WriteClient, hooks: { onHash?: (hash: Hash) => void } = {}) =>
          transferKey(client, { contracts, editionId: edition.editionId, to, ...hooks })
  const cost = useCost(['transfer', edition.editionId.toString(), to], action)
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (action !== undefined && (await transaction.run(action))) onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
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
        {formatBps(edition.terms.royaltyBps)} is announced by ERC-2981.
      </Notice>
      {to !== undefined && <TransactionCost cost={cost.data} error={cost.error} />}
      <Button
        type="submit"
        variant="primary"
        className="w-full"
        busy={transaction.busy}
        disabled={action === undefined || cost.isError}
      >
        Transfer
      </Button>
      <TransactionStatus state={transaction.state} done="Transferred." />
    </form>
  )
}

function readRecipient(text: string, self: Address | undefined): Address | undefined {
  const typed = text.trim()
  // A mixed-case address whose checksum is wrong is refused, which catches most slips.
  return isAddress(typed) && typed !== zeroAddress && typed.toLowerCase() !== self?.toLowerCase() ? typed : undefined
}
