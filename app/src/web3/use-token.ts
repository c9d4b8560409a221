'use client'

import { useQuery } from '@tanstack/react-query'
import { NATIVE_TOKEN, erc20Abi } from '@sluice/sdk/chain'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { bound, formatAmount } from '../ui/format.ts'
import { chainOf } from './chains.ts'
import { useOrigin } from './origin-provider.tsx'
import { useReader } from './use-wallet.ts'

/** How amounts of a token are written. `known` is false until the token's own contract has said so. */
export type Token = { readonly decimals: number; readonly symbol: string; readonly known: boolean }

const MAX_SYMBOL = 12

/** A token's unit; what an ERC-20 says of itself is a stranger's text, so it is bounded and stripped. */
export function useToken(address: Address): Token {
  const { nativeCurrency } = chainOf(useOrigin())
  const reader = useReader()
  const { data } = useQuery({
    queryKey: ['token', address],
    queryFn: async () => {
      const contract = { address, abi: erc20Abi } as const
      const [decimals, symbol] = await Promise.all([
        readContract(reader, { ...contract, functionName: 'decimals' }),
        readContract(reader, { ...contract, functionName: 'symbol' }),
      ])
      return { decimals, symbol: bound(symbol.replace(/[^\x21-\x7e]/gu, ''), MAX_SYMBOL), known: true }
    },
    enabled: address !== NATIVE_TOKEN,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (address === NATIVE_TOKEN) return { ...nativeCurrency, known: true }
  return data ?? { decimals: 0, symbol: 'units', known: false }
}

/** Writes amounts of one token. */
export function useFormatAmount(address: Address): (amount: bigint, digits?: number) => string {
  const { decimals, symbol } = useToken(address)
  return (amount, digits) => formatAmount(amount, decimals, symbol, digits)
}
