'use client'

import type { SocialWish } from '@sluice/sdk/client'
import { cidOfBlockHash } from '@sluice/sdk/content'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { explainNodeError } from '../../web3/errors.ts'
import type { Explanation } from '../../web3/errors.ts'
import { useOwnNode } from '../../web3/own-node.tsx'
import { TransactionStep } from '../../web3/transaction-form.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { useDeed } from './use-deed.ts'
import type { Offer, SocialActionState } from './use-social-action.ts'
import { useSocialTransaction } from './use-social-transaction.ts'

type WalletDialogProps = {
  action: Pick<SocialActionState, 'offer' | 'reset'>
  title: string
  /** What the button says. */
  label: string
}

/** What nobody carries for nothing, offered as a transaction of the wallet's own: why, and what it costs. */
export function WalletDialog({ action: { offer, reset }, title, label }: WalletDialogProps) {
  return (
    <Dialog
      open={offer !== undefined}
      onOpenChange={(open) => open || reset()}
      title={title}
      description="What a wallet says is public, on the chain."
    >
      {offer !== undefined && <WalletOffer offer={offer} what={title} label={label} onDone={reset} />}
    </Dialog>
  )
}

type WalletOfferProps = {
  offer: Offer
  /** What the transaction is called while it is on its way. */
  what: string
  label: string
  /** The way to connect a node, which keeps the text of a comment that the wallet sends. */
  connectNode?: ReactNode
  onDone: () => void
}

/** The same without a dialog. */
export function WalletOffer({ offer: { wish, why }, connectNode, ...rest }: WalletOfferProps) {
  const { client: node } = useOwnNode()
  return (
    <div className="flex flex-col gap-4">
      <Notice tone="info" title={why.title}>
        {why.hint}
      </Notice>
      {wish.kind === 'comment' && node === undefined ? (
        <div className="flex flex-wrap items-center justify-between gap-3 text-sm text-quiet">
          <p>The text of a comment that the wallet sends is kept by your own node, which others get it from.</p>
          {connectNode}
        </div>
      ) : (
        <Transaction wish={wish} {...rest} />
      )}
    </div>
  )
}

type TransactionProps = Pick<WalletOfferProps, 'what' | 'label' | 'onDone'> & { wish: SocialWish }

function Transaction({ wish, what, label, onDone }: TransactionProps) {
  const { client: node } = useOwnNode()
  const [failure, setFailure] = useState<Explanation>()
  const { deed, block } = useDeed(wish)
  const transaction = useSocialTransaction(what, deed)
  const send = async () => {
    setFailure(undefined)
    try {
      // First the text: a hash on the chain whose text nobody has says nothing.
      if (block !== undefined) await node?.putBlock(cidOfBlockHash(block.digest).toString(), block.bytes)
      if (await transaction.submit()) onDone()
    } catch (error) {
      setFailure(explainNodeError(error))
    }
  }
  return (
    <>
      <TransactionStep transaction={transaction} label={label} onRun={() => void send()} />
      <FailureNotice failure={failure} />
    </>
  )
}
