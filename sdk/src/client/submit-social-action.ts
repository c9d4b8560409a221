import type { Address, Hex } from 'viem'
import { getBlock } from 'viem/actions'
import { toChainError } from '../chain/index.ts'
import type { ReadClient, SluiceContracts } from '../chain/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { Session } from '../session/index.ts'
import { encodeComment, refusalSentence, signSocialAction } from '../social/index.ts'
import type { SocialDeed, SocialPost, SocialReport } from '../social/index.ts'
import type { SocialNode } from './social-node.ts'

/** What a person wants to say: a deed, or a comment by its text. */
export type SocialWish =
  | Exclude<SocialDeed, { readonly kind: 'comment' }>
  | { readonly kind: 'comment'; readonly contentId: Hex; readonly text: string; readonly parent?: Hex | undefined }

/** How long others may take to submit what was signed. */
const LIFETIME_SECONDS = 3600
const FIRST_WAIT_MS = 250
const MAX_WAIT_MS = 5000
/** A node that is away, or was restarted and forgot, is asked again. */
const PASSING = ['NODE_UNREACHABLE', 'RATE_LIMITED', 'RPC_UNREACHABLE'] as const

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
  const post = await signWish(options)
  const until = AbortSignal.timeout(LIFETIME_SECONDS * 1000)
  let last = await node.post(post, signal)
  onReport?.(last)
  for (let wait = FIRST_WAIT_MS; !isOver(last); wait = Math.min(wait * 1.5, MAX_WAIT_MS)) {
    await sleep(wait, AbortSignal.any([signal, until]))
    const next = await lookAgain(node, last, signal)
    if (next.state !== last.state) onReport?.(next)
    last = next
  }
  if (last.state === 'refused' && last.reason !== 'unchanged') throw refusal(last)
  return last
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

/** How it stands by now; the same as before where the node cannot say. */
async function lookAgain(node: SocialNode, last: SocialReport, signal: AbortSignal): Promise<SocialReport> {
  try {
    return await node.report(last.id, signal)
  } catch (error) {
    if (PASSING.some((code) => isSluiceError(error, code))) return last
    if (!isSluiceError(error, 'NOT_FOUND')) throw error
  }
  const again = await node.post(last.post, signal)
  // It landed while the node was not looking.
  return again.reason === 'nonce-spent' ? { id: last.id, post: last.post, state: 'settled' } : again
}

function isOver({ state }: SocialReport): boolean {
  return state === 'settled' || state === 'refused'
}

function refusal({ reason }: SocialReport): SluiceError {
  const sentence = reason === undefined ? 'The social graph refused.' : refusalSentence(reason)
  return new SluiceError('CHAIN_REVERT', sentence, { details: { reason } })
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      const isLate = signal.reason instanceof DOMException && signal.reason.name === 'TimeoutError'
      reject(
        isLate
          ? new SluiceError('TIMEOUT', 'Nobody has submitted this action in time.', {
              hint: 'Say it again, or by a transaction.',
            })
          : new SluiceError('ABORTED', 'The action is not followed any more; it may land all the same.'),
      )
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, ms)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}
