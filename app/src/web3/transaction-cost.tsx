'use client'

import { NATIVE_TOKEN } from '@sluice/sdk/chain'
import { Skeleton } from '../ui/skeleton.tsx'
import { ErrorNotice } from './error-notice.tsx'
import type { Cost } from './rehearse.ts'
import { useFormatAmount } from './use-token.ts'
import { useWallet } from './use-wallet.ts'

/** An estimate deserves no more. */
const FEE_DIGITS = 2

type TransactionCostProps = {
  cost: Cost | undefined
  error: Error | null
  /** What the value that goes along is for. */
  label?: string
}

/** What a transaction will cost, before it is asked for; or why it would fail. */
export function TransactionCost({ cost, error, label = 'Price' }: TransactionCostProps) {
  const { address } = useWallet()
  const format = useFormatAmount(NATIVE_TOKEN)
  if (address === undefined) return null
  if (error !== null) return <ErrorNotice error={error} tone="warn" />
  return (
    <dl className="space-y-1 text-sm tabular-nums">
      {cost !== undefined && cost.value > 0n && <Row name={label}>{format(cost.value)}</Row>}
      <Row name="Network fee, about">
        {cost === undefined ? <Skeleton className="h-4 w-20" /> : format(cost.fee, FEE_DIGITS)}
      </Row>
    </dl>
  )
}

function Row({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-4">
      <dt className="text-quiet">{name}</dt>
      <dd className="font-medium whitespace-nowrap">{children}</dd>
    </div>
  )
}
