import type { KeyListing } from '@sluice/sdk/chain'

/** How an offer of one's own stands, in words. */
export type Standing = {
  readonly label: string
  readonly tone: 'accent' | 'neutral' | 'warn'
  readonly warning?: string
}

/**
 * Whether an offer sells now, has ended, or waits: it outlives key and approval, and sells again at
 * its price with both.
 */
export function standingOf({ available, expiry }: Pick<KeyListing, 'available' | 'expiry'>, now: number): Standing {
  if (available > 0n) return { label: 'On offer', tone: 'accent' }
  if (Number(expiry) <= now) return { label: 'Offer has ended', tone: 'neutral' }
  return {
    label: 'Offer waits',
    tone: 'warn',
    warning:
      'It sells nothing now, but would sell the next key that you get, at this price. Take it back if you no longer mean it.',
  }
}

/** Whether an offer sells or may sell again. */
export function isLive({ expiry }: Pick<KeyListing, 'expiry'>, now: number): boolean {
  return Number(expiry) > now
}
