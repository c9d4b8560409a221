import type { Address, Hex } from 'viem'
import { getBlock } from 'viem/actions'
import { toChainError } from '../chain/index.ts'
import type { ReadClient, SluiceContracts } from '../chain/index.ts'
import type { Session } from '../session/index.ts'
import { encodeComment, signSocialAction } from '../social/index.ts'
import type { SocialDeed, SocialPost, SocialReport } from '../social/index.ts'
import { followSocialAction } from './follow-social-action.ts'
import type { SocialNode } from './social-node.ts'

/** What a person wants to say: a deed, or a comment by its text. */
export type SocialWish =
  | Exclude<SocialDeed, { readonly kind: 'comment' }>
  | { readonly kind: 'comment'; readonly contentId: Hex; readonly text: string; readonly parent?: Hex | undefined }

/** How long others may take to submit what was signed. */
const LIFETIME_SECONDS = 3600

/**
 * Says something in the social graph without gas: signs it with the session, posts it to a node, and follows it until it is settled on
 * chain. `onReport` is told of every change, `pending` first, as soon as the node has taken it: show it then.
 *
 * @returns The report once it is settled, or refused as `unchanged`: it was so already.
 * @throws `CHAIN_REVERT` with the refusal in `details.reason`, `NOT_ENTITLED` where nodes carry nothing of the wallet (let it send a
 * transaction of its own), `RATE_LIMITED`, `SIGNATURE_INVALID`, `TIMEOUT` where nobody submitted it within an hour, `ABORTED`;
 * what was posted may land all the same.
 */
export async function submitSocialAction(node: SocialNode, options: submitSocialAction.Options): Promise<SocialReport> {
  const { onReport, signal } = options
  const first = await node.post(await signWish(options), signal)
  onReport?.(first)
  return followSocialAction(node, first, { onReport, signal })
}

export declare namespace submitSocialAction {
  type Options = {
    readonly chain: ReadClient
    readonly chainId: number
    readonly contracts: SluiceContracts
    readonly session: Session
    readonly wallet: Address
    readonly wish: SocialWish
    /** From `createSocialNonces`, one for all that a session says. */
    readonly nonce: bigint
    readonly onReport?: ((report: SocialReport) => void) | undefined
    /** Ends the following. */
    readonly signal: AbortSignal
  }
}

async function signWish(options: submitSocialAction.Options): Promise<SocialPost> {
  const { chain, chainId, contracts, session, wallet, wish, nonce } = options
  const comment = wish.kind === 'comment' ? await encodeComment(wish.text) : undefined
  const deed: SocialDeed =
    wish.kind === 'comment'
      ? { kind: 'comment', contentId: wish.contentId, digest: comment?.digest ?? '0x', parent: wish.parent }
      : wish
  const { timestamp: issuedAt } = await getBlock(chain).catch((error: unknown) => {
    throw toChainError(error, 'submitSocialAction')
  })
  const now = BigInt(Math.floor(Date.now() / 1000))
  // A chain that has long been quiet is behind, one in development may be ahead.
  const deadline = (issuedAt > now ? issuedAt : now) + BigInt(LIFETIME_SECONDS)
  const domain = { chainId, social: contracts.social }
  const signed = await signSocialAction(session, { domain, wallet, deed, nonce, issuedAt, deadline })
  return comment === undefined ? signed : { ...signed, comment: comment.bytes }
}
