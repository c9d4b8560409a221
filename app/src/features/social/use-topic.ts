'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { readReaction } from '@sluice/sdk/chain'
import { cidOfBlockHash } from '@sluice/sdk/content'
import { decodeComment } from '@sluice/sdk/social'
import type { Hex } from 'viem'
import { fetchBlock } from '../../web3/blocks.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useIndex, useIndexQuery } from '../../web3/use-index.ts'
import { useReader, useWallet } from '../../web3/use-wallet.ts'

const COMMENTS = 20
const REFRESH_MS = 20_000

/** What wallets said about a content, in numbers; by the index, so of a content without one nothing is known. */
export function useTopic(topic: Hex) {
  return useIndexQuery(['topic', topic], (index, signal) => index.topic({ topic, signal }))
}

/** The connected wallet's reaction, by the chain; 0 for none. */
export function useOwnReaction(contentId: Hex): number | undefined {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: wallet } = useWallet()
  const { data } = useQuery({
    queryKey: ['chain', 'reaction', contentId, wallet],
    queryFn: () => (wallet === undefined ? 0 : readReaction(reader, { contracts, contentId, wallet })),
    enabled: wallet !== undefined,
    // Together with what the index counts, so that the two are of one time.
    refetchInterval: REFRESH_MS,
  })
  return data
}

/** Comments on a content, the newest first, page by page. */
export function useComments(topic: Hex) {
  const index = useIndex()
  return useInfiniteQuery({
    queryKey: ['index', 'comments', topic],
    queryFn: ({ pageParam: cursor, signal }) => {
      if (index === undefined) throw new Error('No index is named.')
      return index.comments({ topic, cursor, first: COMMENTS, signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ cursor }) => cursor,
    enabled: index !== undefined,
    refetchInterval: REFRESH_MS,
  })
}

/** The text behind a comment's digest, from whoever has its block; it never changes. */
export function useCommentText(digest: Hex) {
  return useQuery({
    queryKey: ['comment', digest],
    queryFn: async ({ signal }) => decodeComment(await fetchBlock(cidOfBlockHash(digest), signal)),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  })
}
