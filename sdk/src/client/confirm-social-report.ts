import { hashSocialAction } from '../social/index.ts'
import type { SocialPost, SocialReport } from '../social/index.ts'
import { checkSocialActions, isSocialNonceSpent } from '../chain/index.ts'
import type { ReadClient, SluiceContracts } from '../chain/index.ts'
import { SluiceError } from '../errors.ts'

/** Where the chain is asked whether what a node says of an action is so. */
export type SocialChain = { readonly chain: ReadClient; readonly chainId: number; readonly contracts: SluiceContracts }

/**
 * Holds a node's answer about an action against the action itself and the chain: of the answer only the state, the transaction and the
 * reason are taken, and that it is done is believed once the chain has its nonce, or says itself that it was so already. Until then it
 * counts as submitted; a chain that lags behind the node, or is away, says so later.
 *
 * @param post What was signed, by this page or checked to be of its session.
 * @throws `PROTOCOL_VIOLATION` for an answer about another action.
 */
export async function confirmSocialReport(
  place: SocialChain,
  post: SocialPost,
  { id, state, hash, reason }: SocialReport,
): Promise<SocialReport> {
  const own = hashSocialAction({ chainId: place.chainId, social: place.contracts.social }, post.action)
  if (id !== own) throw new SluiceError('PROTOCOL_VIOLATION', 'The node answered about another social action.')
  const known = { id, post, ...(hash === undefined ? {} : { hash }) }
  if (state === 'settled' || reason === 'nonce-spent') {
    return { ...known, state: (await isKnown(isSpent(place, post))) ? 'settled' : 'submitted' }
  }
  if (state !== 'refused') return { ...known, state }
  if (reason !== 'unchanged') return { ...known, state, ...(reason === undefined ? {} : { reason }) }
  return (await isKnown(isDone(place, post))) ? { ...known, state, reason } : { ...known, state: 'submitted' }
}

function isSpent({ chain, contracts }: SocialChain, { action: { wallet, nonce } }: SocialPost): Promise<boolean> {
  return isSocialNonceSpent(chain, { contracts, wallet, nonce })
}

/** Whether it found itself done, or would. */
async function isDone(place: SocialChain, post: SocialPost): Promise<boolean> {
  if (await isSpent(place, post)) return true
  const { chain, contracts } = place
  const [refusal] = await checkSocialActions(chain, { contracts, actions: [post] })
  return refusal === 'unchanged'
}

/** What the chain does not say now is not known yet; that it cannot be asked is no word about the action. */
async function isKnown(asked: Promise<boolean>): Promise<boolean> {
  return asked.catch(() => false)
}
