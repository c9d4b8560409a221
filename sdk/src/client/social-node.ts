import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { decodeSocialReport, encodeSocialPost } from '../social/index.ts'
import type { SocialPost, SocialReport } from '../social/index.ts'
import { accept, readBounded, request } from './http.ts'

const MAX_REPORT_BYTES = 16 * 1024
const MAX_LIST_BYTES = 256 * 1024
const MAX_LISTED = 100

/** Of whom, about what (a content id, or a followed wallet in a word), and how many at most (up to 100). */
export type SocialQuery = {
  readonly wallet?: Address | undefined
  readonly topic?: Hex | undefined
  readonly limit?: number | undefined
}

/**
 * A node's public listener as the place where social actions are posted and asked for. It is believed in nothing but
 * display.
 */
export function createSocialNode({ origin }: { readonly origin: string }) {
  const ask = async (path: string, limit: number, init: RequestInit, signal: AbortSignal): Promise<unknown> => {
    const response = await accept(await request(new URL(path, origin).href, init, signal))
    return parseJson(await readBounded(response, limit))
  }
  return {
    /**
     * Hands an action over. @throws SIGNATURE_INVALID, NOT_ENTITLED for a wallet that nodes carry nothing of,
     * RATE_LIMITED, BAD_INPUT, and what reaching a node throws. What the chain would refuse comes back as refused.
     */
    async post(post: SocialPost, signal: AbortSignal): Promise<SocialReport> {
      const init = { method: 'POST', body: new Uint8Array(encodeSocialPost(post)) }
      return decodeSocialReport(await ask('/v1/social', MAX_REPORT_BYTES, init, signal))
    },
    /** What became of an action. @throws NOT_FOUND where the node knows nothing of it, or not any more. */
    async report(id: Hex, signal: AbortSignal): Promise<SocialReport> {
      return decodeSocialReport(await ask(`/v1/social/${id}`, MAX_REPORT_BYTES, {}, signal))
    },
    /**
     * What the node knows of and is not long done, newest first: what may be shown as pending before an index has it.
     */
    async list({ wallet, topic, limit }: SocialQuery, signal: AbortSignal): Promise<readonly SocialReport[]> {
      const query = new URLSearchParams()
      if (wallet !== undefined) query.set('wallet', wallet)
      if (topic !== undefined) query.set('topic', topic)
      if (limit !== undefined) query.set('limit', String(limit))
      const answer = await ask(`/v1/social?${query.toString()}`, MAX_LIST_BYTES, {}, signal)
      const { actions }: { readonly actions?: unknown } = typeof answer === 'object' && answer !== null ? answer : {}
      if (!Array.isArray(actions) || actions.length > MAX_LISTED) throw violation()
      return Promise.all(actions.map(decodeSocialReport))
    },
  }
}

export type SocialNode = ReturnType<typeof createSocialNode>

/** What saying something takes of a node. */
export type SocialCarrier = Pick<SocialNode, 'post' | 'report'>

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    throw violation()
  }
}

function violation(): SluiceError {
  return new SluiceError('PROTOCOL_VIOLATION', 'The node answered with something else than social actions.')
}
