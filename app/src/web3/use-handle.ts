'use client'

import { useQuery } from '@tanstack/react-query'
import { findHandle, readHandle } from '@sluice/sdk/chain'
import { isHandle } from '@sluice/sdk/social'
import { isAddressEqual, zeroAddress } from 'viem'
import type { Address } from 'viem'
import { useOrigin } from './origin-provider.tsx'
import { useReader } from './use-wallet.ts'

const STALE_MS = 60_000

/** A wallet's handle as the chain has it; undefined for none, and until it is known. */
export function useHandle(wallet: Address): string | undefined {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { data } = useQuery({
    queryKey: ['chain', 'handle', wallet],
    queryFn: () => readHandle(reader, { contracts, wallet }),
    staleTime: STALE_MS,
  })
  return data === undefined || !isHandle(data) ? undefined : data
}

/** Whose handle it is, by the chain; null for nobody's. */
export function useHandleOwner(handle: string) {
  const { contracts } = useOrigin()
  const reader = useReader()
  return useQuery({
    queryKey: ['chain', 'handle-owner', handle],
    queryFn: async () => {
      const owner = await findHandle(reader, { contracts, handle })
      return isAddressEqual(owner, zeroAddress) ? null : owner
    },
  })
}
