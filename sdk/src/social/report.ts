import { bytesToHex, hexToBytes, isHex } from 'viem'
import type { Hash, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { decodeSocialPost, encodeSocialPost, MAX_SOCIAL_POST_BYTES } from './post-codec.ts'
import type { SocialPost } from './post-codec.ts'
import { SOCIAL_REFUSALS } from './refusals.ts'
import type { SocialRefusal } from './refusals.ts'

/**
 * `pending`: waits for somebody to submit it; `submitted`: the node did; `settled`: it is done on chain; `refused`: it
 * never will be.
 */
export const SOCIAL_STATES = ['pending', 'submitted', 'settled', 'refused'] as const
export type SocialState = (typeof SOCIAL_STATES)[number]

/** What a node says of an action. */
export type SocialReport = {
  /** The digest that the session signed. */
  readonly id: Hex
  readonly state: SocialState
  readonly post: SocialPost
  /** The transaction by which the node settled it; missing where somebody else did. */
  readonly hash?: Hash
  /** Why it was refused. */
  readonly reason?: SocialRefusal
}

/** As a node answers it, in JSON. */
export type SocialReportJson = {
  readonly id: Hex
  readonly state: SocialState
  /** {@link encodeSocialPost} in hex. */
  readonly post: Hex
  readonly hash?: Hash
  readonly reason?: SocialRefusal
}

export function encodeSocialReport({ id, state, post, hash, reason }: SocialReport): SocialReportJson {
  const rest = { ...(hash === undefined ? {} : { hash }), ...(reason === undefined ? {} : { reason }) }
  return { id, state, post: bytesToHex(encodeSocialPost(post)), ...rest }
}

/** Reads what a node answered. @throws `PROTOCOL_VIOLATION` */
export async function decodeSocialReport(value: unknown): Promise<SocialReport> {
  if (typeof value !== 'object' || value === null) throw violation()
  const { id, state, post, hash, reason }: Readonly<Record<string, unknown>> = { ...value }
  const known = SOCIAL_STATES.find((name) => name === state)
  if (known === undefined || !isWord(id) || !isPost(post)) throw violation()
  const refusal = SOCIAL_REFUSALS.find((name) => name === reason)
  return {
    ...{ id, state: known },
    post: await decodeSocialPost(hexToBytes(post)).catch(() => {
      throw violation()
    }),
    ...(isWord(hash) ? { hash } : {}),
    ...(refusal === undefined ? {} : { reason: refusal }),
  }
}

function isWord(value: unknown): value is Hex {
  return isHex(value) && value.length === 66
}

function isPost(value: unknown): value is Hex {
  return isHex(value) && value.length % 2 === 0 && value.length <= 2 + 2 * MAX_SOCIAL_POST_BYTES
}

function violation(): SluiceError {
  return new SluiceError('PROTOCOL_VIOLATION', 'The node answered with something else than a social action.')
}
