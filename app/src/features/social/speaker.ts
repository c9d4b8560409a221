import { isSluiceError } from '@sluice/sdk'
import { explainError } from '../../web3/errors.ts'
import type { Explanation } from '../../web3/errors.ts'
import type { Outbox } from './outbox.ts'

/**
 * How a wallet can say something now: by its session and for nothing, by a transaction of its own, or not at all (yet).
 */
export type Speaker =
  | { readonly by: 'session'; readonly outbox: Outbox }
  | { readonly by: 'wallet'; readonly why: Explanation }
  | { readonly by: 'nobody' }

export type Standing = {
  /** Whether the wallet is connected, on the right chain. */
  readonly ready: boolean
  /** Whether the session speaks for the wallet; undefined while that is being asked, null where it cannot be. */
  readonly authorised: boolean | null | undefined
  /** Undefined while nodes are asked, null where none of them carries words. */
  readonly outbox: Outbox | null | undefined
}

/** Picks the way that costs nothing wherever there is one. */
export function chooseSpeaker({ ready, authorised, outbox }: Standing): Speaker {
  if (!ready || authorised === undefined) return { by: 'nobody' }
  if (authorised !== true) return { by: 'wallet', why: NO_SESSION }
  if (outbox === undefined) return { by: 'nobody' }
  return outbox === null ? { by: 'wallet', why: NO_NODE } : { by: 'session', outbox }
}

const NO_SESSION: Explanation = {
  title: 'This browser may not speak for your wallet yet.',
  hint: 'Set a budget for playing once, and from then on this costs nothing. Or let the wallet say it now.',
}
const NO_NODE: Explanation = {
  title: 'No node that this page knows carries this for you.',
  hint: 'The wallet can say it itself, in a transaction of its own.',
}

/** What the wallet may do about it itself is hinted at where {@link mayWalletSay}. */
export function explainRefusal(error: unknown): Explanation {
  const explanation = explainError(error)
  if (isSluiceError(error, 'NOT_ENTITLED')) {
    return {
      title: 'Nodes do not carry this for your wallet.',
      hint: 'They do for who has a key of the content, or something set aside for playing. The wallet can say it itself.',
    }
  }
  if (isSluiceError(error, 'RATE_LIMITED')) {
    return { title: error.message, hint: 'Wait a while, or let the wallet say it itself.' }
  }
  if (isSluiceError(error, 'NODE_UNREACHABLE') || isSluiceError(error, 'TIMEOUT')) {
    return { ...explanation, hint: 'Try again, or let the wallet say it itself.' }
  }
  return explanation
}

/** Whether a transaction could do what a session could not: not where the rules of the graph forbid it to anybody. */
export function mayWalletSay(error: unknown): boolean {
  if (isSluiceError(error, 'BAD_INPUT')) return false
  return !isSluiceError(error, 'CHAIN_REVERT') || PASSING.includes(error.details['reason'])
}

/** About the session or the moment, not about what was said. */
const PASSING: readonly unknown[] = ['early', 'expired', 'nonce-spent', 'session-expired', 'signature-invalid', 'stale']
