'use client'

import type { ReactNode, SubmitEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { TransactionStatus } from '../ui/transaction-status.tsx'
import { TransactionCost } from './transaction-cost.tsx'
import type { Transaction } from './use-transaction.ts'

type TransactionStepProps = {
  transaction: Transaction
  /** What the button says. */
  label: string
  /** What is said once it is mined. */
  done?: string
  /** What the value that goes along is for. */
  costLabel?: string
  size?: 'medium' | 'large'
  disabled?: boolean
  /** Left out, the button submits the form that it is in. */
  onRun?: () => void
}

/** A transaction where it is asked for: what it will cost, the button, and how far it is. */
export function TransactionStep({ transaction, label, done, costLabel, size, disabled, onRun }: TransactionStepProps) {
  const { cost, wanted, possible, busy, state } = transaction
  return (
    <>
      {wanted && <TransactionCost cost={cost.data} error={cost.error} {...(costLabel && { label: costLabel })} />}
      <Button
        type={onRun === undefined ? 'submit' : 'button'}
        variant="primary"
        size={size}
        className="w-full"
        busy={busy}
        disabled={!possible || disabled === true}
        onClick={onRun}
      >
        {label}
      </Button>
      <TransactionStatus state={state} {...(done && { done })} />
    </>
  )
}

type TransactionFormProps = Omit<TransactionStepProps, 'onRun'> & { children: ReactNode; onDone: () => void }

/** Fields, and the transaction that is made of them. */
export function TransactionForm({ children, onDone, ...step }: TransactionFormProps) {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    if (await step.transaction.submit()) onDone()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {children}
      <TransactionStep {...step} />
    </form>
  )
}
