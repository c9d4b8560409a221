import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { SocialPost } from '@sluice/sdk/social'
import { createTimedCache } from '../chain/timed-cache.ts'
import type { Log } from '../log.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'
import { decodeMessage } from './message-codec.ts'

export type InboxOptions = {
  /** Takes what is new and may be said; throws, or says so, where the peer should not have passed it on. */
  readonly take: (post: SocialPost) => Promise<{ readonly isNew: boolean; readonly isSenderAtFault: boolean }>
  /** Told of what is new. */
  readonly passOn: (post: SocialPost, from: string) => void
  readonly log: Log
  readonly now?: () => number
}

const MAX_WAITING = 512
const WORKERS = 8
/**
 * Of one peer: what it passes on, and what of it may turn out to be nothing that it should have. A fourth of it at
 * once.
 */
const POSTS_PER_MINUTE = 1200
const STRIKES_PER_MINUTE = 120
/** How long a peer is not heard that erred once more, and how many such are remembered at most. */
const BLAMED_MS = 60_000
const MAX_BLAMED = 10_000
const FAULTS = ['BAD_INPUT', 'NOT_ENTITLED', 'SIGNATURE_INVALID'] as const

/**
 * Judges what peers pass on, some at a time, but of one wallet one after the other: what it says may rest on what it said
 * before, as to unfollow does on to follow, and is refused where that is not there yet. What is too much is left
 * out, and whoever errs too often is not heard for a minute.
 */
export function createInbox({ take, passOn, log, now = Date.now }: InboxOptions) {
  const posts = createRateLimiter(POSTS_PER_MINUTE, now)
  const strikes = createRateLimiter(STRIKES_PER_MINUTE, now)
  const blamed = createTimedCache<true>({ maxAgeMs: BLAMED_MS, maxSize: MAX_BLAMED, now })
  const waiting: { readonly post: SocialPost; readonly from: string }[] = []
  /** Wallets, as the posts name them, of whom something is being judged. */
  const judged = new Set<string>()

  function blame(peer: string): void {
    if (!strikes.take(peer)) blamed.set(peer, true)
  }

  async function judge(post: SocialPost, from: string): Promise<void> {
    try {
      const { isNew, isSenderAtFault } = await take(post)
      if (isSenderAtFault) blame(from)
      if (isNew) passOn(post, from)
    } catch (error) {
      if (FAULTS.some((code) => isSluiceError(error, code))) blame(from)
      log.debug({ err: error, peerId: from }, 'took no social action')
    }
  }

  /** The first that need not wait for another of its wallet. */
  function next() {
    const at = judged.size < WORKERS ? waiting.findIndex(({ post }) => !judged.has(post.action.wallet)) : -1
    return at === -1 ? undefined : waiting.splice(at, 1)[0]
  }

  /** Judges as many at once as may be; each that is done makes room for another. */
  function work(): void {
    for (let each = next(); each !== undefined; each = next()) {
      const { wallet } = each.post.action
      judged.add(wallet)
      void judge(each.post, each.from).finally(() => {
        judged.delete(wallet)
        work()
      })
    }
  }

  return {
    /** Throws RATE_LIMITED for a peer that is not heard, BAD_INPUT for what is no message. */
    async receive(message: Uint8Array, from: string): Promise<void> {
      if (blamed.get(from) === true) throw new SluiceError('RATE_LIMITED', 'This peer passes on what it should not.')
      const received = await decodeMessage(message).catch((error: unknown) => {
        blame(from)
        throw error
      })
      for (const post of received) {
        if (waiting.length < MAX_WAITING && posts.take(from)) waiting.push({ post, from })
      }
      work()
    },
    stop: (): void => void waiting.splice(0),
  }
}
