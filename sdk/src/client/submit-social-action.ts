import type { Address, Hex } from 'viem'
import { getBlock } from 'viem/actions'
import { toChainError } from '../chain/index.ts'
import type { ReadClient, SluiceContracts } from '../chain/index.ts'
import type { Session } from '../session/index.ts'
import { encodeComment, signSocialAction } from '../social/index.ts'
import type { SocialDeed, SocialPost, SocialReport } from '../social/index.ts'
import { confirmSocialReport } from './confirm-social-report.ts'
import { followSocialAction } from './follow-social-action.ts'
import type { SocialCarrier, SocialNode } from './social-node.ts'

/** What a person wants to say: a deed, or a comment by its text. */
export type SocialWish =
  | Exclude<SocialDeed, { readonly kind: 'comment' }>
  | { readonly kind: 'comment'; readonly contentId: Hex; readonly text: string; readonly parent?: Hex | undefined }

/** How long others may take to submit what was signed. */
const LIFETIME_SECONDS = 3600

/**
 * Says something in the social graph without gas: signs it with the session, and hands it over as
 * {@link postSocialAction}.
 *
 * @returns The report once it is settled, or refused as `unchanged`: it was so already.
 * @throws What {@link postSocialAction} throws.
 */
export async function submitSocialAction(node: SocialNode, options: submitSocialAction.Options): Promise<SocialReport> {
  return postSocialAction(node, await signSocialWish(options), options)
}

export declare namespace submitSocialAction {
  type Options = signSocialWish.Options & postSocialAction.Options
}

/**
 * Posts what was signed to a node, and follows it until it is settled on chain. `onReport` is told of every change,
 * `pending` first, as soon as the node has taken it: show it then. What a node may have taken without an answer can be
 * posted again: the same action lands once.
 *
 * @returns The report once it is settled, or refused as `unchanged`: it was so already.
 * @throws `CHAIN_REVERT` with the refusal in `details.reason`, `NOT_ENTITLED` where nodes carry nothing of the wallet
 * (let it send a transaction of its own), `RATE_LIMITED`, `SIGNATURE_INVALID`, `PROTOCOL_VIOLATION` for an answer about
 * another action, or where all nodes refuse what the chain would do, `TIMEOUT` where nobody submitted it within an
 * hour, `ABORTED`; what was posted may land all the same.
 */
export async function postSocialAction(
  node: SocialCarrier,
  post: SocialPost,
  options: postSocialAction.Options,
): Promise<SocialReport> {
  const first = await confirmSocialReport(options, post, await node.post(post, options.signal))
  options.onReport?.(first)
  return followSocialAction(node, first, options)
}

export declare namespace postSocialAction {
  type Options = followSocialAction.Options
}

/**
 * Signs a wish with the session, so that it may be submitted within an hour.
 * @throws `BAD_INPUT`, and what asking the chain throws.
 */
export async function signSocialWish(options: signSocialWish.Options): Promise<SocialPost> {
  const { chain, chainId, contracts, session, wallet, wish, nonce } = options
  const comment = wish.kind === 'comment' ? await encodeComment(wish.text) : undefined
  const deed: SocialDeed =
    wish.kind === 'comment'
      ? { kind: 'comment', contentId: wish.contentId, digest: comment?.digest ?? '0x', parent: wish.parent }
      : wish
  const { timestamp: issuedAt } = await getBlock(chain).catch((error: unknown) => {
    throw toChainError(error, 'signSocialWish')
  })
  const now = BigInt(Math.floor(Date.now() / 1000))
  // A chain that has long been quiet is behind, one in development may be ahead.
  const deadline = (issuedAt > now ? issuedAt : now) + BigInt(LIFETIME_SECONDS)
  const domain = { chainId, social: contracts.social }
  const signed = await signSocialAction(session, { domain, wallet, deed, nonce, issuedAt, deadline })
  return comment === undefined ? signed : { ...signed, comment: comment.bytes }
}

export declare namespace signSocialWish {
  type Options = {
    readonly chain: ReadClient
    readonly chainId: number
    readonly contracts: SluiceContracts
    readonly session: Session
    readonly wallet: Address
    readonly wish: SocialWish
    /** From `createSocialNonces`, one for all that a session says. */
    readonly nonce: bigint
  }
}
