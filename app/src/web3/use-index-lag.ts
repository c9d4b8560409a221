'use client'

import { describeLag } from '@sluice/sdk/graph'
import { getBlockNumber } from 'viem/actions'
import { useIndexQuery } from './use-index.ts'
import { useReader } from './use-wallet.ts'

/** How far the index that the page's node names is from the chain; asks nobody where it names none. */
export function useIndexLag() {
  const reader = useReader()
  return useIndexQuery(['lag'], async (index, signal) => {
    const [head, block] = await Promise.all([index.head({ signal }), getBlockNumber(reader, { cacheTime: 0 })])
    return describeLag(head, block)
  })
}
