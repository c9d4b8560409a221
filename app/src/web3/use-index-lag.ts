'use client'

import { useQuery } from '@tanstack/react-query'
import { describeLag } from '@sluice/sdk/graph'
import { getBlockNumber } from 'viem/actions'
import { useIndex } from './use-index.ts'
import { useReader } from './use-wallet.ts'

const REFRESH_MS = 20_000

/** How far the index that the page's node names is from the chain; asks nobody where it names none. */
export function useIndexLag() {
  const index = useIndex()
  const reader = useReader()
  return useQuery({
    queryKey: ['index', 'lag'],
    queryFn: async ({ signal }) => {
      if (index === undefined) throw new Error('No index is named.')
      const [head, block] = await Promise.all([index.head({ signal }), getBlockNumber(reader, { cacheTime: 0 })])
      return describeLag(head, block)
    },
    enabled: index !== undefined,
    refetchInterval: REFRESH_MS,
  })
}
