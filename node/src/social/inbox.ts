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
 * Judges what peers pass on, some at a time; what is too much is left out, and whoever errs too often is not heard for
 * a minute.
 */
export function createInbox({ take, passOn, log, now = Date.now }: InboxOptions) {
  const posts = createRateLimiter(POSTS_PER_MINUTE, now)
  const strikes = createRateLimiter(STRIKES_PER_MINUTE, now)
  const blamed = createTimedCache<true>({ maxAgeMs: BLAMED_MS, maxSize: MAX_BLAMED, now })
  const waiting: { readonly post: SocialPost; readonly from: string }[] = []
  let workers = 0

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

  async function work(): Promise<void> {
    workers += 1
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await judge(next.post, next.from)
    workers -= 1
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
      while (workers < WORKERS && waiting.length > 0) void work()
    },
    stop: (): void => void waiting.splice(0),
  }
}
