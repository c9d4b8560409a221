import type { Ask, Asking } from './ask.ts'

/**
 * The block up to which the index has read the chain.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export async function readHead(ask: Ask, asking: Asking = {}): Promise<number> {
  const answer = await ask('head', {}, asking)
  return answer.one('_meta').one('block').count('number')
}
