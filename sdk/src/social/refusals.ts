import { SluiceError } from '../errors.ts'

/** Why something social was not done, in the order of the contract's enum; see `ISocialGraph.Refusal`. */
export const SOCIAL_REFUSALS = [
  'none',
  'early',
  'expired',
  'nonce-spent',
  'session-expired',
  'signature-invalid',
  'kind-unknown',
  'stale',
  'unchanged',
  'handle-invalid',
  'handle-taken',
  'target-invalid',
  'value-invalid',
  'not-entitled',
  'edition-foreign',
  'own-content',
  'already-viewed',
] as const
export type SocialRefusal = (typeof SOCIAL_REFUSALS)[number]

/** What a person should read, for the refusals that people meet. */
const SENTENCES: Readonly<Partial<Record<SocialRefusal, string>>> = {
  'nonce-spent': 'This was said already: it is on the chain.',
  'handle-invalid': 'A handle is 3 to 32 of a-z, 0-9, - and _.',
  'handle-taken': 'Somebody else has this handle.',
  'target-invalid': 'A wallet follows other wallets, not itself.',
  'value-invalid': 'This is no reaction, or no comment.',
  'not-entitled': 'The wallet holds no key of this edition now.',
  'edition-foreign': 'The edition is of another content.',
  'own-content': 'A creator’s own views do not count.',
  'already-viewed': 'This wallet’s view was counted today.',
}

/** The name of a refusal; `undefined` for a number that this version does not know. */
export function socialRefusal(reason: number): SocialRefusal | undefined {
  return SOCIAL_REFUSALS[reason]
}

/** A sentence for a refusal. */
export function refusalSentence(reason: SocialRefusal): string {
  return SENTENCES[reason] ?? `The social graph refused: ${reason.replaceAll('-', ' ')}.`
}

/** A refusal as an error, `CHAIN_REVERT` with the reason in `details.reason`; undefined for one that this version does not know. */
export function refusedFor(reason: SocialRefusal | undefined): SluiceError {
  const sentence = reason === undefined ? 'The social graph refused.' : refusalSentence(reason)
  return new SluiceError('CHAIN_REVERT', sentence, { details: { reason } })
}
