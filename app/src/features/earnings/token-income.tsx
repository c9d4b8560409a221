'use client'

import type { EarningsDay, EarningsFigures } from '@sluice/sdk/graph'
import { useFormatAmount } from '../../web3/use-token.ts'
import { cn } from '../../ui/cn.ts'
import { Stat } from '../../ui/stat.tsx'
import { dateOf, incomeByDay, shareOf, sourcesOf, sumOf } from './income.ts'
import type { DayIncome, Source } from './income.ts'

const COLOURS: Readonly<Record<Source['key'], string>> = {
  claimed: 'bg-accent',
  sold: 'bg-good',
  referred: 'bg-line-strong',
  royalties: 'bg-warn',
  resold: 'bg-quiet',
}

type TokenIncomeProps = { figures: EarningsFigures; days: readonly EarningsDay[]; today: number }

/** What came in, in one token: by source since the beginning, and day by day. */
export function TokenIncome({ figures, days, today }: TokenIncomeProps) {
  const format = useFormatAmount(figures.token)
  const byDay = incomeByDay(days, figures.token, today)
  return (
    <div>
      <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-6">
        <Stat label="In all">{format(sumOf(figures))}</Stat>
        {sourcesOf(figures).map((source) => (
          <Stat key={source.key} label={source.label}>
            <span className="inline-flex items-center gap-2">
              <Swatch source={source} />
              {format(figures[source.key])}
            </span>
          </Stat>
        ))}
      </dl>
      {byDay.length === 0 ? (
        <p className="mt-5 text-sm text-quiet">Nothing came in of late.</p>
      ) : (
        <DayTable days={byDay} format={format} />
      )}
    </div>
  )
}

type DayTableProps = { days: readonly DayIncome[]; format: (amount: bigint) => string }

/** A bar a day, drawn inside a table, so that it can be read as well as seen. */
function DayTable({ days, format }: DayTableProps) {
  return (
    <table className="mt-5 w-full border-t border-line text-sm">
      <caption className="sr-only">Income by day, the latest first</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Day</th>
          <th scope="col">From</th>
          <th scope="col">Amount</th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {days.map((income) => (
          <DayRow key={income.day.day} income={income} format={format} />
        ))}
      </tbody>
    </table>
  )
}

function DayRow({ income: { day, sum, share }, format }: { income: DayIncome; format: DayTableProps['format'] }) {
  const date = dateOf(day.day)
  const sources = sourcesOf(day)
  return (
    <tr>
      <th scope="row" className="py-2.5 pr-4 text-left align-top font-normal whitespace-nowrap text-quiet">
        <time dateTime={date.toISOString().slice(0, 10)}>
          {date.toLocaleDateString(undefined, { month: 'short', day: 'numeric', timeZone: 'UTC' })}
        </time>
      </th>
      <td className="w-full py-2.5 align-top">
        <span aria-hidden="true" className="flex h-5 gap-px overflow-hidden rounded" style={percent(share)}>
          {sources.map(({ key }) => (
            <span key={key} className={cn('min-w-1', COLOURS[key])} style={percent(shareOf(day[key], sum))} />
          ))}
        </span>
        <span className="mt-1 block text-xs text-quiet tabular-nums">
          {sources.map(({ key, label }) => `${label} ${format(day[key])}`).join(' · ')}
        </span>
      </td>
      <td className="py-2.5 pl-4 text-right align-top font-semibold whitespace-nowrap tabular-nums">{format(sum)}</td>
    </tr>
  )
}

function percent(share: number): React.CSSProperties {
  return { width: `${String(share * 100)}%` }
}

function Swatch({ source }: { source: Source }) {
  return <span aria-hidden="true" className={cn('size-2.5 shrink-0 rounded-sm', COLOURS[source.key])} />
}
