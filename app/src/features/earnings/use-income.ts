'use client'

import { useQuery } from '@tanstack/react-query'
import { NATIVE_TOKEN, readKeyCredits, readMarketCredits } from '@sluice/sdk/chain'
import type { Address } from 'viem'
import { useIndex } from '../../web3/use-index.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader } from '../../web3/use-wallet.ts'
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

/** What the contracts owe an account in a token, each. */
export type Owed = { readonly token: Address; readonly sold: bigint; readonly resold: bigint }

/** What the contracts owe an account, by the chain: in its coin and in the tokens that an index names. */
export function useOwed(account: Address, named: readonly Address[]) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const tokens = [...new Set([NATIVE_TOKEN, ...named])]
  return useQuery({
    queryKey: ['chain', 'credits', account, tokens.join()],
    queryFn: () =>
      Promise.all(
        tokens.map(async (token): Promise<Owed> => {
          const asked = { contracts, account, token }
          const [sold, resold] = await Promise.all([readKeyCredits(reader, asked), readMarketCredits(reader, asked)])
          return { token, sold, resold }
        }),
      ),
    refetchInterval: REFRESH_MS,
  })
}
