'use client'

import type { SocialDeed } from '@sluice/sdk/social'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { useSocialAction } from './use-social-action.ts'

type ConfirmDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description: string
  /** What the button says. */
  label: string
  deed: SocialDeed
}

/** Shows what saying something costs, before it is said. */
export function ConfirmDialog({ open, onOpenChange, title, description, label, deed }: ConfirmDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} description={description}>
      <Confirmation title={title} label={label} deed={deed} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

type ConfirmationProps = { title: string; label: string; deed: SocialDeed; onDone: () => void }

function Confirmation({ title, label, deed, onDone }: ConfirmationProps) {
  const { cost, state, busy, submit, possible } = useSocialAction(title, deed)
  const confirm = async () => {
    if (await submit()) onDone()
  }
  return (
    <div className="flex flex-col gap-4">
      <TransactionCost cost={cost.data} error={cost.error} />
      <Button variant="primary" className="w-full" busy={busy} disabled={!possible} onClick={() => void confirm()}>
        {label}
      </Button>
      <TransactionStatus state={state} />
    </div>
  )
}
