import { pad, toHex, zeroHash } from 'viem'
import type { Address, Hex } from 'viem'
import { packHandle } from './handle.ts'
import type { SocialAction } from './typed-data.ts'

/** Kinds of actions, in the order of the contract's enum. */
export const SOCIAL_ACTION_KINDS = ['none', 'handle', 'follow', 'unfollow', 'react', 'comment', 'view'] as const

/** What a wallet can do in the social graph. */
export type SocialDeed =
  /** The empty handle clears. */
  | { readonly kind: 'handle'; readonly handle: string }
  | { readonly kind: 'follow' | 'unfollow'; readonly target: Address }
  /** `reaction` 1 to 255; 0 clears. */
  | { readonly kind: 'react'; readonly contentId: Hex; readonly reaction: number }
  /** `digest` is the sha2-256 of the comment's block, `parent` that of the comment it answers. */
  | { readonly kind: 'comment'; readonly contentId: Hex; readonly digest: Hex; readonly parent?: Hex | undefined }
  | { readonly kind: 'view'; readonly contentId: Hex; readonly editionId: bigint }

type Words = Pick<SocialAction, 'kind' | 'subject' | 'value' | 'parent'>

/**
 * A deed in the words of an action; see `ISocialGraph.ActionKind`. What a kind does not use is zero.
 *
 * @throws `BAD_INPUT` for what is no handle.
 */
export function encodeDeed(deed: SocialDeed): Words {
  const kind = SOCIAL_ACTION_KINDS.indexOf(deed.kind)
  const words = { kind, value: zeroHash, parent: zeroHash } as const
  switch (deed.kind) {
    case 'handle':
      return { ...words, subject: packHandle(deed.handle) }
    case 'follow':
    case 'unfollow':
      return { ...words, subject: pad(deed.target) }
    case 'react':
      return { ...words, subject: deed.contentId, value: word(deed.reaction) }
    case 'comment':
      return { ...words, subject: deed.contentId, value: deed.digest, parent: deed.parent ?? zeroHash }
    case 'view':
      return { ...words, subject: deed.contentId, value: word(deed.editionId) }
  }
}

function word(value: bigint | number): Hex {
  return toHex(value, { size: 32 })
}
