'use client'

import type { Earnings } from '@sluice/node/api/client'
import type { Address } from 'viem'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Card } from '../../ui/card.tsx'
import { cn } from '../../ui/cn.ts'

const FIGURES = [
  { key: 'collectable', label: 'Collectable now', hint: 'worth more than its gas', colour: 'text-accent' },
  { key: 'atRisk', label: 'At risk', hint: 'its payer is closing: claim it', colour: 'text-bad' },
  { key: 'notWorthGas', label: 'Not worth the gas', hint: 'yet; it keeps adding up', colour: 'text-quiet' },
  { key: 'claimed', label: 'Claimed', hint: 'paid out on the chain', colour: '' },
  { key: 'accepted', label: 'Accepted in total', hint: 'promised for slices served', colour: '' },
] as const

/** What was promised, paid out, and is left to collect. */
export function Totals({ totals, token }: { totals: Earnings['totals']; token: Address }) {
  const format = useFormatAmount(token)
  return (
    <Card>
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-2xl bg-line lg:grid-cols-5">
        {FIGURES.map(({ key, label, hint, colour }, index) => {
          const amount = BigInt(totals[key])
          return (
            <div key={key} className={cn('bg-surface p-4 sm:p-5', index === 0 && 'max-lg:col-span-2')}>
              <dt className="text-sm text-quiet">{label}</dt>
              <dd className={cn('mt-1 text-lg font-semibold tabular-nums sm:text-xl', amount > 0n && colour)}>
                {format(amount)}
              </dd>
              <dd className="text-xs text-quiet">{hint}</dd>
            </div>
          )
        })}
      </dl>
    </Card>
  )
}
