import type { SocialPost } from '@sluice/sdk/social'
import { MAX_MESSAGE_POSTS } from './message-codec.ts'

/** What comes together goes together. */
const SETTLE_MS = 20
const MAX_WAITING = 512

export type Told = { readonly post: SocialPost; /** The peer that knows it already. */ readonly from?: string }

/** Collects what is to be told for a moment, and hands it on in messages; beyond its room, it forgets. */
export function createOutbox(send: (told: readonly Told[]) => Promise<void>) {
  const waiting: Told[] = []
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  function flush(): void {
    const told = waiting.splice(0, MAX_MESSAGE_POSTS)
    timer = waiting.length > 0 ? setTimeout(flush, SETTLE_MS) : undefined
    void send(told)
  }

  return {
    add(told: Told): void {
      if (isStopped || waiting.length >= MAX_WAITING) return
      waiting.push(told)
      timer ??= setTimeout(flush, SETTLE_MS)
    },
    stop(): void {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
