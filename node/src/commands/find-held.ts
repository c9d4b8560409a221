import { parseContentReference } from '@sluice/sdk/client'
import { SluiceError } from '@sluice/sdk'
import type { HeldContent } from '../api/client.ts'
import type { Context } from './context.ts'

/**
 * The content on this node that a user names by content id, root or manifest CID; by content id the newest version here.
 * Throws BAD_INPUT for another kind of text, CONTENT_UNKNOWN when it is not here.
 */
export async function findHeld({ node, signal }: Context, text: string): Promise<HeldContent> {
  const reference = parseContentReference(text)
  const named = (content: HeldContent): boolean =>
    reference.kind === 'content'
      ? content.contentId?.toLowerCase() === reference.contentId
      : [content.root, content.manifestCid].includes(reference.cid.toString())
  const [newest] = (await node.contents({ signal }))
    .filter(named)
    .sort((left, right) => (right.version ?? 0) - (left.version ?? 0))
  if (newest !== undefined) return newest
  throw new SluiceError('CONTENT_UNKNOWN', `This node does not have ${text.trim()}.`, {
    hint: 'sluice ls lists what it has; sluice seed CONTENT fetches a copy.',
  })
}
