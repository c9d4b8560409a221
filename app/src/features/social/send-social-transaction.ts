import { SluiceError } from '@sluice/sdk'
import { checkSocialActions, comment, follow, react, setHandle, submitSocialActions } from '@sluice/sdk/chain'
import { unfollow, viewContent } from '@sluice/sdk/chain'
import type { WriteClient, WriteOptions, WriteResult } from '@sluice/sdk/chain'
import { refusedFor } from '@sluice/sdk/social'
import type { SocialDeed, SocialPost, SocialRefusal } from '@sluice/sdk/social'
import type { KeptPosts } from './kept-posts.ts'

type SendOptions = WriteOptions & { readonly deed: SocialDeed; readonly kept: Pick<KeptPosts, 'find' | 'drop'> }

/**
 * Does what a wallet wants to say, by a transaction of its own. The one place where the page decides how a deed
 * gets to the chain: what the session has signed for it already, and a node may have, is submitted as it is, so
 * that it lands once; while the chain is behind it, nothing is sent.
 * @throws as the sdk's chain actions; `CHAIN_REVERT` with `nonce-spent` in `details.reason` where it has landed, with
 * `early` or none where it may land yet
 */
export async function sendSocialTransaction(
  client: WriteClient,
  { deed, kept, ...options }: SendOptions,
): Promise<WriteResult> {
  const signed = await kept.find(client.account.address, deed)
  if (signed === undefined) return sendDeed(client, { deed, ...options })
  const [refusal] = await checkSocialActions(client, { contracts: options.contracts, actions: [signed] })
  if (refusal === 'nonce-spent') {
    kept.drop(signed)
    throw refusedFor(refusal)
  }
  if (isWaiting(refusal)) throw onItsWay(refusal)
  if (refusal !== 'none') return sendDeed(client, { deed, ...options })
  const sent = await submitSigned(client, { signed, ...options })
  kept.drop(signed)
  return sent
}

/** Whoever submits it, it is done once: that a node was faster is no fault. */
async function submitSigned(
  client: WriteClient,
  { signed, ...options }: WriteOptions & { readonly signed: SocialPost },
): Promise<WriteResult> {
  const { refused, ...sent } = await submitSocialActions(client, { ...options, actions: [signed] })
  const [skipped] = refused
  if (skipped === undefined || skipped.reason === 'nonce-spent') return sent
  throw isWaiting(skipped.reason) ? onItsWay(skipped.reason) : refusedFor(skipped.reason)
}

/** Whether what is refused so can land later all the same, as nodes see it: only early, or for a reason not known here. */
function isWaiting(refusal: SocialRefusal | undefined): refusal is 'early' | undefined {
  return refusal === undefined || refusal === 'early'
}

function onItsWay(reason: SocialRefusal | undefined): SluiceError {
  return new SluiceError('CHAIN_REVERT', 'This was said already, and is on its way.', {
    hint: 'Look again in a while: it can land for up to an hour after it was said.',
    details: { reason },
  })
}

function sendDeed(
  client: WriteClient,
  { deed, ...options }: WriteOptions & { readonly deed: SocialDeed },
): Promise<WriteResult> {
  switch (deed.kind) {
    case 'handle':
      return setHandle(client, { ...options, handle: deed.handle })
    case 'follow':
      return follow(client, { ...options, target: deed.target })
    case 'unfollow':
      return unfollow(client, { ...options, target: deed.target })
    case 'react':
      return react(client, { ...options, contentId: deed.contentId, reaction: deed.reaction })
    case 'comment':
      return comment(client, { ...options, contentId: deed.contentId, digest: deed.digest, parent: deed.parent })
    case 'view':
      return viewContent(client, { ...options, contentId: deed.contentId, editionId: deed.editionId })
  }
}
