'use client'

import { useQuery } from '@tanstack/react-query'
import { NATIVE_TOKEN, readKeyCredits, readMarketCredits } from '@sluice/sdk/chain'
import type { Address } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader } from '../../web3/use-wallet.ts'

const REFRESH_MS = 20_000

/** What the contracts owe an account in a token, each. */
export type Owed = { readonly token: Address; readonly sold: bigint; readonly resold: bigint }

/** What the contracts owe an account, by the chain: in its coin and in the tokens that are named. */
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
