'use client'

import { useQuery } from '@tanstack/react-query'
import type { SocialWish } from '@sluice/sdk/client'
import { encodeComment } from '@sluice/sdk/social'
import type { CommentBlock, SocialDeed } from '@sluice/sdk/social'

type Deed = { readonly deed: SocialDeed | undefined; readonly block: CommentBlock | undefined }

/** A wish as the contract knows it; of a comment also the block of its text, undefined until both are known. */
export function useDeed(wish: SocialWish): Deed {
  const block = useCommentBlock(wish.kind === 'comment' ? wish.text : '').data
  if (wish.kind !== 'comment') return { deed: wish, block: undefined }
  if (block === undefined) return { deed: undefined, block: undefined }
  const { contentId, parent } = wish
  return { deed: { kind: 'comment', contentId, digest: block.digest, parent }, block }
}

/** The block of a text, while there is one that can be; or why it cannot. */
export function useCommentBlock(text: string) {
  return useQuery({
    queryKey: ['comment-block', text],
    queryFn: () => encodeComment(text),
    enabled: text !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
}
