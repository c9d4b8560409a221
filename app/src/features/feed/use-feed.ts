'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { listContents, readContents } from '@sluice/sdk/chain'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useIndex } from '../../web3/use-index.ts'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { readFeedPage } from './feed-page.ts'
import type { FeedCursor, FeedView } from './feed-page.ts'

const PAGE = 24
const REFRESH_MS = 20_000

/** Published contents, page by page, from the index or from the chain's logs. */
export function useFeed(view: FeedView) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const index = useIndex()
  const { address: wallet } = useWallet()
  const sources = {
    index,
    wallet,
    listFromLogs: (options: Omit<listContents.Options, 'contracts'>) => listContents(reader, { contracts, ...options }),
    describe: (contentIds: readContents.Options['contentIds']) => readContents(reader, { contracts, contentIds }),
  }
  const { order, kind, text, creator } = view
  return useInfiniteQuery({
    queryKey: [
      ...[index === undefined ? 'chain' : 'index', 'feed', order, kind, text, creator],
      order === 'following' ? wallet : undefined,
    ],
    queryFn: ({ pageParam: cursor, signal }) => readFeedPage(sources, view, { cursor, first: PAGE, signal }),
    initialPageParam: undefined as FeedCursor | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: REFRESH_MS,
  })
}
