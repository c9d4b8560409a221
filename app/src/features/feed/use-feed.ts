'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { listContents } from '@sluice/sdk/chain'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader } from '../../web3/use-wallet.ts'

const PAGE = 24
const REFRESH_MS = 20_000

/** Published contents, newest first, page by page. */
export function useFeed() {
  const { contracts } = useOrigin()
  const reader = useReader()
  return useInfiniteQuery({
    queryKey: ['chain', 'feed'],
    queryFn: ({ pageParam, signal }) =>
      listContents(reader, { contracts, limit: PAGE, signal, ...(pageParam !== undefined && { toBlock: pageParam }) }),
    initialPageParam: undefined as bigint | undefined,
    getNextPageParam: (page) => page.nextToBlock,
    refetchInterval: REFRESH_MS,
  })
}
