import { MAX_SOCIAL_ACTIONS } from '@sluice/sdk/chain'
import type { SocialRefusal } from '@sluice/sdk/social'
import type { PoolEntry } from './entries.ts'

export type BatchPolicy = {
  /** Actions that make a batch worth it before the first of them has waited too long; 1 to 64. */
  readonly minBatch: number
  readonly maxWaitMs: number
}

/** What a batch should hold now, in the order in which it was said; nothing where waiting for more is better. */
export function planBatch(
  waiting: readonly PoolEntry[],
  { minBatch, maxWaitMs }: BatchPolicy,
  now: number,
): readonly PoolEntry[] {
  const pending = waiting.filter(({ state }) => state === 'pending')
  const isDue = pending.length >= minBatch || pending.some(({ since }) => since + maxWaitMs <= now)
  return isDue ? pending.slice(0, MAX_SOCIAL_ACTIONS) : []
}

/** What the chain says of a batch's actions, and so what becomes of each. */
export type Sorted = {
  readonly go: readonly PoolEntry[]
  readonly settled: readonly PoolEntry[]
  readonly refused: readonly { readonly entry: PoolEntry; readonly reason: SocialRefusal }[]
}

/**
 * Sorts a batch by the chain's answers: what would be done goes; what it has done already is settled; what it never
 * will is refused, and so is what would change nothing. What is only early, or refused for a reason that this version
 * does not know, waits.
 */
export function sortAnswers(entries: readonly PoolEntry[], answers: readonly (SocialRefusal | undefined)[]): Sorted {
  const go: PoolEntry[] = []
  const settled: PoolEntry[] = []
  const refused: { entry: PoolEntry; reason: SocialRefusal }[] = []
  for (const [index, entry] of entries.entries()) {
    const answer = answers[index]
    if (answer === 'none') go.push(entry)
    else if (answer === 'nonce-spent') settled.push(entry)
    else if (answer !== undefined && answer !== 'early') refused.push({ entry, reason: answer })
  }
  return { go, settled, refused }
}

/** What is so whatever lands before it in a batch of others. */
const LASTING: readonly SocialRefusal[] = ['expired', 'nonce-spent', 'session-expired', 'signature-invalid', 'stale']

/** The same answers without those that others' actions, or a part of the pool that was not asked about, may change. */
export function lastingAnswers(answers: readonly (SocialRefusal | undefined)[]): (SocialRefusal | undefined)[] {
  return answers.map((answer) => (answer !== undefined && LASTING.includes(answer) ? answer : undefined))
}
