'use client'

import { Play } from 'lucide-react'
import { useState } from 'react'
import type { ComponentProps } from 'react'
import type { Address } from 'viem'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { formatCount } from '../../ui/format.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Stat } from '../../ui/stat.tsx'
import { BudgetPanel } from './budget-panel.tsx'
import { SlicePriceField } from './slice-price-field.tsx'
import { slicesFor } from './suggest-budget.ts'
import type { SessionState } from './use-session.ts'

type BudgetSectionProps = {
  state: SessionState
  token: Address
  slices: number
  slicePrice: bigint | undefined
  /** What starting is called: Play, or Open. */
  label: string
  busy: boolean
  onPlay: () => void
}

/** For whoever holds a key: play out of the budget that is set, or set one first. */
export function BudgetSection({ state, token, slices, slicePrice, label, busy, onPlay }: BudgetSectionProps) {
  const [adding, setAdding] = useState(false)
  const format = useFormatAmount(token)
  if (state.error !== null) return <ErrorNotice error={state.error} />
  if (state.loading) return <Skeleton className="h-56 rounded-2xl" />
  const panel = { state, token, slices, slicePrice, onAuthorised: onPlay }
  if (!state.authorised) {
    return (
      <Section title="You have a key" hint="Set a budget once, then play without further confirmations.">
        <Limits {...panel} />
      </Section>
    )
  }
  return (
    <Section title="You have a key">
      <dl className="grid grid-cols-2 gap-4">
        <Stat label="Budget left" hint={describeReach(state.budget, slicePrice)}>
          {format(state.budget)}
        </Stat>
        <Stat label="Authorised until">
          {new Date(Number(state.expiry) * 1000).toLocaleDateString(undefined, { dateStyle: 'medium' })}
        </Stat>
      </dl>
      <div className="mt-5 space-y-2">
        <Button variant="primary" size="large" className="w-full" busy={busy} onClick={onPlay}>
          <Play aria-hidden="true" />
          {busy ? 'Asking keepers for the key' : label}
        </Button>
        <Button variant="quiet" className="w-full" aria-expanded={adding} onClick={() => setAdding(!adding)}>
          Change the budget
        </Button>
      </div>
      {adding && (
        <div className="mt-4 border-t border-line pt-4">
          <Limits {...panel} />
        </div>
      )}
    </Section>
  )
}

/** What the user lets it cost: each slice at most, and all of them. */
function Limits(panel: ComponentProps<typeof BudgetPanel>) {
  return (
    <div className="flex flex-col gap-4">
      <SlicePriceField token={panel.token} slicePrice={panel.slicePrice} />
      <BudgetPanel {...panel} />
    </div>
  )
}

function describeReach(budget: bigint, slicePrice: bigint | undefined): string {
  const reach = slicePrice === undefined ? undefined : slicesFor(budget, slicePrice)
  return reach === undefined ? '' : `about ${formatCount(reach, 'slice')}`
}
