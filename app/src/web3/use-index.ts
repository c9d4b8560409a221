'use client'

import { useQueryClient } from '@tanstack/react-query'
import { createIndexReader } from '@sluice/sdk/graph'
import type { IndexReader } from '@sluice/sdk/graph'
import { useMemo } from 'react'
import { getBlockNumber } from 'viem/actions'
import { waitForIndex } from './index-progress.ts'
import { useOrigin } from './origin-provider.tsx'
import { useReader } from './use-wallet.ts'

/** The index that the page's node names; undefined where it names none. What it says is for lists and figures only. */
export function useIndex(): IndexReader | undefined {
  const { indexUrl } = useOrigin()
  return useMemo(() => (indexUrl === undefined ? undefined : createIndexReader({ url: indexUrl })), [indexUrl])
}

/** Has everything read again after something was mined: from the chain at once, from the index when it has come so far. */
export function useRefresh(): () => Promise<void> {
  const queries = useQueryClient()
  const reader = useReader()
  const index = useIndex()
  return async () => {
    if (index !== undefined) {
      void getBlockNumber(reader, { cacheTime: 0 })
        .then((block) => waitForIndex(index, block))
        .catch(() => undefined)
        .finally(() => void queries.invalidateQueries({ queryKey: ['index'] }))
    }
    await queries.invalidateQueries({ queryKey: ['chain'] })
  }
}
