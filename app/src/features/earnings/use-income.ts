'use client'

import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { useIndex } from '../../web3/use-index.ts'
import { DAY_SECONDS } from './income.ts'

const REFRESH_MS = 20_000
/** Days that are told one by one. */
export const SHOWN_DAYS = 30

/** What an account was paid, by the index: in all, and day by day. */
export function useIncome(account: Address) {
  const index = useIndex()
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS)
  const income = useQuery({
    queryKey: ['index', 'income', account, today],
    queryFn: async ({ signal }) => {
      if (index === undefined) throw new Error('No index is named.')
      const [totals, days] = await Promise.all([
        index.earningsTotals({ account, signal }),
        index.earningsDays({ account, since: today - SHOWN_DAYS + 1, until: today, signal }),
      ])
      return { totals, days }
    },
    enabled: index !== undefined,
    refetchInterval: REFRESH_MS,
  })
  return { named: index !== undefined, today, income }
}
