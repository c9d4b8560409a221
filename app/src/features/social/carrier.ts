import { isSluiceError } from '@sluice/sdk'
import { postSocialAction, signSocialWish } from '@sluice/sdk/client'
import type { SocialCarrier, SocialWish } from '@sluice/sdk/client'
import { createSocialNonces } from '@sluice/sdk/social'
import type { SocialPost, SocialReport } from '@sluice/sdk/social'

/** Comments that are kept, so that they can be posted again as they were signed. */
const MAX_KEPT = 100
/** After these a node may have taken what it gave no good answer to. */
const UNSURE = ['NODE_UNREACHABLE', 'PROTOCOL_VIOLATION'] as const

/** Who speaks for whom, and under which chain. */
export type Place = Pick<signSocialWish.Options, 'chain' | 'chainId' | 'contracts' | 'session' | 'wallet'>

type CarrierOptions = {
  readonly node: SocialCarrier
  readonly others?: readonly SocialCarrier[] | undefined
  readonly place: Place
  readonly signal: AbortSignal
}

/** Signs what a session says, posts it and follows it to its end; fails as `postSocialAction`. */
export function createCarrier({ node, others, place, signal }: CarrierOptions) {
  const drawNonce = createSocialNonces()
  const unsure = createUnsure()
  return async (wish: SocialWish, onReport: (report: SocialReport) => void): Promise<SocialReport> => {
    const post = unsure.take(wish) ?? (await signSocialWish({ ...place, wish, nonce: drawNonce() }))
    try {
      return await postSocialAction(node, post, { ...place, others, onReport, signal })
    } catch (error) {
      if (UNSURE.some((code) => isSluiceError(error, code))) unsure.keep(wish, post)
      throw error
    }
  }
}

/**
 * Comments that a node may have taken without saying so. Said again they are posted as they were signed, so that they land once; all else
 * is the same however often it is said.
 */
function createUnsure() {
  const posts = new Map<string, SocialPost>()
  const nameOf = (wish: SocialWish): string | undefined =>
    wish.kind === 'comment' ? JSON.stringify([wish.contentId, wish.parent ?? '', wish.text]) : undefined
  return {
    keep(wish: SocialWish, post: SocialPost): void {
      const name = nameOf(wish)
      if (name !== undefined) posts.set(name, post)
      for (const oldest of [...posts.keys()].slice(0, -MAX_KEPT)) posts.delete(oldest)
    },
    /** What was signed for it, unless that cannot land any more. */
    take(wish: SocialWish): SocialPost | undefined {
      const name = nameOf(wish) ?? ''
      const post = posts.get(name)
      posts.delete(name)
      return post !== undefined && post.action.deadline * 1000n > BigInt(Date.now()) ? post : undefined
    },
  }
}
