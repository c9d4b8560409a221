import { hashSocialAction } from '../social/index.ts'
import type { SocialPost, SocialRefusal, SocialReport } from '../social/index.ts'
import { checkSocialActions, isSocialNonceSpent } from '../chain/index.ts'
import type { ReadClient, SluiceContracts } from '../chain/index.ts'
import { SluiceError } from '../errors.ts'

/** Where the chain is asked whether what a node says of an action is so. */
export type SocialChain = { readonly chain: ReadClient; readonly chainId: number; readonly contracts: SluiceContracts }

/** A report as far as it is believed. */
export type ConfirmedReport = SocialReport & {
  /** The node refused what the chain would do. */
  readonly isDisputed?: boolean
}

/**
 * Holds a node's answer about an action against the action itself and the chain: of the answer only the state and the
 * transaction are taken. That it is done is believed once the chain has its nonce, or says itself that it was so
 * already; until then it counts as submitted. That it is refused is believed once the chain refuses it, for the chain's
 * reason, which is more than that it is early and one that this version knows; until then it counts as pending. A chain
 * that lags behind the node, or is away, says so later.
 *
 * @param post What was signed, by this page or checked to be of its session.
 * @throws `PROTOCOL_VIOLATION` for an answer about another action.
 */
export async function confirmSocialReport(
  place: SocialChain,
  post: SocialPost,
  { id, state, hash, reason }: SocialReport,
): Promise<ConfirmedReport> {
  const own = hashSocialAction({ chainId: place.chainId, social: place.contracts.social }, post.action)
  if (id !== own) throw new SluiceError('PROTOCOL_VIOLATION', 'The node answered about another social action.')
  const known = { id, post, ...(hash === undefined ? {} : { hash }) }
  if (state === 'settled' || reason === 'nonce-spent') {
    return { ...known, state: (await isKnown(isSpent(place, post))) ? 'settled' : 'submitted' }
  }
  if (state !== 'refused') return { ...known, state }
  if (reason !== 'unchanged') return { ...known, ...(await askAboutRefusal(place, post)) }
  return (await isKnown(isDone(place, post))) ? { ...known, state, reason } : { ...known, state: 'submitted' }
}

/** What the chain says of an action that a node refused. */
async function askAboutRefusal(
  place: SocialChain,
  post: SocialPost,
): Promise<Pick<ConfirmedReport, 'state' | 'reason' | 'isDisputed'>> {
  try {
    const reason = await refusalOf(place, post)
    if (reason === 'none') return { state: 'pending', isDisputed: true }
    if (reason === 'nonce-spent') return { state: 'settled' }
    return reason === undefined || reason === 'early' ? { state: 'pending' } : { state: 'refused', reason }
  } catch {
    return { state: 'pending' }
  }
}

function isSpent({ chain, contracts }: SocialChain, { action: { wallet, nonce } }: SocialPost): Promise<boolean> {
  return isSocialNonceSpent(chain, { contracts, wallet, nonce })
}

/** Whether it found itself done, or would. */
async function isDone(place: SocialChain, post: SocialPost): Promise<boolean> {
  if (await isSpent(place, post)) return true
  return (await refusalOf(place, post)) === 'unchanged'
}

/** Why the chain would not do it now; `none` where it would. */
async function refusalOf({ chain, contracts }: SocialChain, post: SocialPost): Promise<SocialRefusal | undefined> {
  const [refusal] = await checkSocialActions(chain, { contracts, actions: [post] })
  return refusal
}

/** What the chain does not say now is not known yet; that it cannot be asked is no word about the action. */
async function isKnown(asked: Promise<boolean>): Promise<boolean> {
  return asked.catch(() => false)
}
