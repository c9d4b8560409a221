'use client'

import type { Address } from 'viem'
import { useIndex, useIndexQuery } from '../../web3/use-index.ts'
import { DAY_SECONDS } from './income.ts'

/** Days that are told one by one. */
export const SHOWN_DAYS = 30

/** What an account was paid, by the index: in all, and day by day. */
export function useIncome(account: Address) {
  const named = useIndex() !== undefined
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS)
  const income = useIndexQuery(['income', account, today], async (index, signal) => {
    const [totals, days] = await Promise.all([
      index.earningsTotals({ account, signal }),
      index.earningsDays({ account, since: today - SHOWN_DAYS + 1, until: today, signal }),
    ])
    return { totals, days }
  })
  return { named, today, income }
}
