'use client'

import { useQuery } from '@tanstack/react-query'
import type { Address } from 'viem'
import { useOrigin } from './origin-provider.tsx'
import { loadSession } from './session-store.ts'

/** The key by which this browser speaks for a wallet, made when there is none; whether it may, the chain says. */
export function useSessionKey(wallet: Address | undefined) {
  const { chainId } = useOrigin()
  return useQuery({
    queryKey: ['session', chainId, wallet],
    queryFn: () => {
      if (wallet === undefined) throw new Error('No wallet is connected.')
      return loadSession(wallet, chainId)
    },
    enabled: wallet !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // The private half is a handle that only structured cloning understands.
    structuralSharing: false,
  })
}
