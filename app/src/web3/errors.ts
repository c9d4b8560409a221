import { SluiceError, isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'

/** An error as a person should read it: what happened, and what to do about it. */
export type Explanation = { readonly title: string; readonly hint: string }

/** What to do about it on this page, which comes before what a command line would do. */
const HINTS: Partial<Record<ErrorCode, string>> = {
  ABORTED: 'Start again whenever you like.',
  CHANNEL_CLOSING: 'Wait for the channel to close, or play again to open a new one.',
  CONTENT_UNKNOWN: 'Check the address. The content may be on another network.',
  CREDIT_EXHAUSTED: 'The seeder waits for a payment. Add to your budget, or try again in a moment.',
  DECRYPT_FAILED: 'What the creator published does not match the key. Nothing more will be paid for it.',
  FRAUD_PROVEN: 'What the creator published does not match what was sold. Do not buy more of it.',
  INSUFFICIENT_FUNDS: 'Add funds to the wallet, or choose a smaller amount.',
  LOCKBOX_INVALID: 'The creator published broken key material. Do not buy this edition.',
  NOT_ENOUGH_SHARES: 'Too few keepers answer at the moment. Your key stays valid: try again later.',
  NOT_ENTITLED: 'This wallet holds no key for the content, or its term has ended.',
  NO_PROVIDERS: 'Nobody who has the content is online at the moment. Try again later.',
  PRICE_TOO_HIGH: 'The price changed. Look at it again before you buy.',
  RATE_LIMITED: 'Wait a minute, then try again.',
  RPC_UNREACHABLE: 'Check the connection to the chain, then try again.',
  SESSION_EXPIRED: 'Authorise playback again to go on.',
  SESSION_FOREIGN: 'Authorise playback again to go on.',
  SLICE_CORRUPT: 'A source served wrong bytes and was dropped. Try again.',
  TIMEOUT: 'It may still go through. Look at your wallet’s activity before you try again.',
  UNAUTHORIZED: 'The node does not accept this token. Connect it again with the address it printed at start.',
  USER_REJECTED: 'Nothing was sent. Confirm in the wallet to go on.',
  WRONG_CHAIN: 'Switch the wallet to the network shown at the top of the page.',
}

const OWN_NODE_HINT =
  'Check that it is running, and that you opened this page at the address which it printed: a node answers its own page only.'

const FALLBACK_HINT = 'Try again. If it keeps happening, look at the node’s log.'

/** Puts any error into words. Messages of strangers' making are bounded and shown as text. */
export function explainError(error: unknown): Explanation {
  if (error instanceof SluiceError) {
    return { title: error.message, hint: HINTS[error.code] ?? error.hint ?? FALLBACK_HINT }
  }
  if (error instanceof Error && error.name === 'AbortError') return { title: 'Stopped.', hint: HINTS.ABORTED ?? '' }
  const message = error instanceof Error ? error.message : String(error)
  return { title: message.split('\n')[0]?.slice(0, 200) ?? 'Something went wrong.', hint: FALLBACK_HINT }
}

/** The same for what the reader's own node answered, or did not. */
export function explainNodeError(error: unknown): Explanation {
  const explanation = explainError(error)
  return isSluiceError(error, 'NODE_UNREACHABLE') ? { ...explanation, hint: OWN_NODE_HINT } : explanation
}
