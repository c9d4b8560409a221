'use client'

import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { createIndexReader } from '@sluice/sdk/graph'
import type { IndexReader } from '@sluice/sdk/graph'
import { useMemo } from 'react'
import { getBlockNumber } from 'viem/actions'
import { waitForIndex } from './index-progress.ts'
import { useOrigin } from './origin-provider.tsx'
import { useReader } from './use-wallet.ts'

const REFRESH_MS = 20_000

/** The index that the page's node names; undefined where it names none. What it says is for lists and figures only. */
export function useIndex(): IndexReader | undefined {
  const { indexUrl } = useOrigin()
  return useMemo(() => (indexUrl === undefined ? undefined : createIndexReader({ url: indexUrl })), [indexUrl])
}

type IndexQueryOptions = {
  /** Whether it is asked again every 20 seconds; it is, where nothing is said. */
  readonly refresh?: boolean
}

/** What the index says, remembered under a key; nobody is asked where none is named. */
export function useIndexQuery<Answer>(
  key: readonly unknown[],
  ask: (index: IndexReader, signal: AbortSignal) => Promise<Answer>,
  { refresh = true }: IndexQueryOptions = {},
) {
  const index = useIndex()
  return useQuery({
    queryKey: ['index', ...key],
    queryFn: index === undefined ? skipToken : ({ signal }) => ask(index, signal),
    refetchInterval: refresh && REFRESH_MS,
  })
}

/**
 * Has everything read again after something was mined: from the chain at once, from the index when it has come so far.
 */
export function useRefresh(): () => Promise<void> {
  const { reachHead, chain, index } = useRereading()
  return async () => {
    void reachHead().then(index)
    await chain()
  }
}

/** Has everything read again, from both at once, when the index has come so far; after ten seconds without it. */
export function useCatchUp(): () => Promise<void> {
  const { reachHead, chain, index } = useRereading()
  return async () => {
    await reachHead()
    await Promise.all([chain(), index()])
  }
}

function useRereading() {
  const queries = useQueryClient()
  const reader = useReader()
  const index = useIndex()
  return {
    chain: () => queries.invalidateQueries({ queryKey: ['chain'] }),
    index: () => queries.invalidateQueries({ queryKey: ['index'] }),
    reachHead: async (): Promise<void> => {
      if (index === undefined) return
      await getBlockNumber(reader, { cacheTime: 0 })
        .then((block) => waitForIndex(index, block))
        .catch(() => undefined)
    },
  }
}
