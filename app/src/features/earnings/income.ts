import type { EarningsDay, EarningsFigures } from '@sluice/sdk/graph'
import type { Address } from 'viem'

export const DAY_SECONDS = 86_400

/** What can bring something in, in the order in which it is told. */
export const SOURCES = [
  { key: 'claimed', label: 'Slices served' },
  { key: 'sold', label: 'Keys sold' },
  { key: 'referred', label: 'Referrals' },
  { key: 'royalties', label: 'Royalties' },
  { key: 'resold', label: 'Keys resold' },
] as const satisfies readonly { key: keyof EarningsFigures; label: string }[]

export type Source = (typeof SOURCES)[number]

/** One day on which something came in; `share` of the best day that is shown, from 0 to 1. */
export type DayIncome = { readonly day: EarningsDay; readonly sum: bigint; readonly share: number }

/** All that came in, in the token's base units. */
export function sumOf(figures: EarningsFigures): bigint {
  return SOURCES.reduce((sum, { key }) => sum + figures[key], 0n)
}

/** The sources that brought something in. */
export function sourcesOf(figures: EarningsFigures): readonly Source[] {
  return SOURCES.filter(({ key }) => figures[key] > 0n)
}

/** The days of one token, latest first: each once, those that are yet to come left out. */
export function incomeByDay(days: readonly EarningsDay[], token: Address, today: number): readonly DayIncome[] {
  const known = new Map(
    days.filter((day) => day.token === token && day.day <= today && sumOf(day) > 0n).map((day) => [day.day, day]),
  )
  const sorted = [...known.values()].sort((a, b) => b.day - a.day)
  const best = sorted.reduce((most, day) => (sumOf(day) > most ? sumOf(day) : most), 1n)
  return sorted.map((day) => ({ day, sum: sumOf(day), share: shareOf(sumOf(day), best) }))
}

/** A part of a whole, exact to a thousandth whatever their size. */
export function shareOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 1000n) / whole) / 1000
}

/** A day since 1970 as the start of it, in UTC. */
export function dateOf(day: number): Date {
  return new Date(day * DAY_SECONDS * 1000)
}
