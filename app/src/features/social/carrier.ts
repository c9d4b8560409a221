import { isSluiceError } from '@sluice/sdk'
import { followSocialAction, postSocialAction, signSocialWish } from '@sluice/sdk/client'
import type { SocialCarrier, SocialWish } from '@sluice/sdk/client'
import { createSocialNonces, encodeComment } from '@sluice/sdk/social'
import type { SocialPost, SocialReport } from '@sluice/sdk/social'
import type { KeptPosts } from './kept-posts.ts'

/**
 * What a node says that has not taken it. Once one has, others may have it too, and only the chain refuses it for good.
 */
const NOT_TAKEN = ['BAD_INPUT', 'NOT_ENTITLED', 'RATE_LIMITED', 'SIGNATURE_INVALID'] as const

/** Who speaks for whom, and under which chain. */
export type Place = Pick<signSocialWish.Options, 'chain' | 'chainId' | 'contracts' | 'session' | 'wallet'>

type CarrierOptions = {
  readonly node: SocialCarrier
  readonly others?: readonly SocialCarrier[] | undefined
  readonly place: Place
  readonly kept: KeptPosts
  readonly signal: AbortSignal
}

/** Has what a session says carried to its end; what may land all the same is kept for when it is said again. */
export function createCarrier({ node, others, place, kept, signal }: CarrierOptions) {
  const drawNonce = createSocialNonces()
  const keepUnlessRefused = (post: SocialPost, error: unknown, isTaken: boolean): void => {
    const isRefused = !isTaken && NOT_TAKEN.some((code) => isSluiceError(error, code))
    if (isRefused || isSluiceError(error, 'CHAIN_REVERT')) kept.drop(post)
    else kept.keep(post)
  }
  return {
    /** Signs a wish, posts it and follows it to its end; fails as `postSocialAction`. */
    async carry(wish: SocialWish, onReport: (report: SocialReport) => void): Promise<SocialReport> {
      const post = (await findPost(kept, place, wish)) ?? (await signSocialWish({ ...place, wish, nonce: drawNonce() }))
      kept.keep(post)
      let isTaken = false
      const take = (report: SocialReport): void => {
        isTaken = true
        kept.drop(post)
        onReport(report)
      }
      try {
        return await postSocialAction(node, post, { ...place, others, onReport: take, signal })
      } catch (error) {
        keepUnlessRefused(post, error, isTaken)
        throw error
      }
    },
    /** Follows what was posted before to its end; fails as `followSocialAction`. */
    async follow(first: SocialReport, onReport: (report: SocialReport) => void): Promise<SocialReport> {
      try {
        return await followSocialAction(node, first, { ...place, others, onReport, signal })
      } catch (error) {
        keepUnlessRefused(first.post, error, true)
        throw error
      }
    },
  }
}

/** What was signed for the same words before. */
async function findPost(kept: KeptPosts, { wallet }: Place, wish: SocialWish): Promise<SocialPost | undefined> {
  if (wish.kind !== 'comment') return undefined
  const { digest } = await encodeComment(wish.text)
  return kept.find(wallet, { ...wish, digest })
}
