import { comment, follow, react, setHandle, unfollow, viewContent } from '@sluice/sdk/chain'
import type { WriteClient, WriteOptions, WriteResult } from '@sluice/sdk/chain'
import type { SocialDeed } from '@sluice/sdk/social'

/**
 * Does what a wallet wants to say, by a transaction of its own. The one place where the page decides how a deed gets to the
 * chain.
 * @throws as the sdk's chain actions
 */
export async function sendSocialTransaction(
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
