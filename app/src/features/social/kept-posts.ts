import { decodeSocialPost, encodeDeed, encodeSocialPost } from '@sluice/sdk/social'
import type { SocialDeed, SocialPost } from '@sluice/sdk/social'
import { bytesToHex, hexToBytes, isHex } from 'viem'
import type { Address, Hex } from 'viem'

/** Comments that are kept; the oldest give way. */
const MAX_KEPT = 100

/** Where they are kept: what a tab remembers across a reload, as it does what is being written. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem'>

export type KeptPosts = {
  /** Keeps a comment, before it is posted; of anything else nothing. */
  keep(post: SocialPost): void
  /** For what was taken, refused, or has landed: said again it is another comment. */
  drop(post: SocialPost): void
  /** What was signed for a deed of the wallet's and can still land. */
  find(wallet: Address, deed: SocialDeed): Promise<SocialPost | undefined>
}

/**
 * Comments that were signed, and that a node may have taken without saying so. Said again, by the session or by the
 * wallet itself, they go as they were signed, so that they land once; all else is the same however often it is said.
 */
export function createKeptPosts(storage: TabStorage, place: { chainId: number; social: Address }): KeptPosts {
  const key = `sluice-unanswered ${String(place.chainId)} ${place.social.toLowerCase()}`
  const read = (): readonly Hex[] => (storage.getItem(key) ?? '').split(' ').filter((kept) => isHex(kept))
  const others = (post: Hex): readonly Hex[] => read().filter((kept) => kept !== post)
  const write = (posts: readonly Hex[]): void => storage.setItem(key, posts.slice(-MAX_KEPT).join(' '))
  return {
    keep(post) {
      const text = bytesToHex(encodeSocialPost(post))
      if (post.comment !== undefined) write([...others(text), text])
    },
    drop(post) {
      if (post.comment !== undefined) write(others(bytesToHex(encodeSocialPost(post))))
    },
    async find(wallet, deed) {
      if (deed.kind !== 'comment') return undefined
      const wanted = nameOf({ wallet, ...encodeDeed(deed) })
      const posts = await Promise.all(read().map(decode))
      return posts.find((post) => post !== undefined && nameOf(post.action) === wanted && isInTime(post))
    },
  }
}

/**
 * The same for words that the wallet is offered to say: what has landed is found until the offer is closed. A transaction
 * is priced over and over; whoever is about to say the words, or reads that they are on the chain, must not have
 * them turned into another comment meanwhile.
 */
export function dropAtClose(kept: () => KeptPosts): Pick<KeptPosts, 'find' | 'drop'> & { open(): void; close(): void } {
  const landed = new Map<Hex, SocialPost>()
  let isOpen = false
  return {
    find: (wallet, deed) => kept().find(wallet, deed),
    drop(post) {
      if (isOpen) landed.set(post.signature.r, post)
      else kept().drop(post)
    },
    open() {
      isOpen = true
    },
    close() {
      isOpen = false
      for (const post of landed.values()) kept().drop(post)
      landed.clear()
    },
  }
}

/** What makes two comments the same but for when they were said. */
function nameOf({
  wallet,
  subject,
  value,
  parent,
}: Pick<SocialPost['action'], 'wallet' | 'subject' | 'value' | 'parent'>) {
  return [wallet, subject, value, parent].join(' ').toLowerCase()
}

async function decode(kept: Hex): Promise<SocialPost | undefined> {
  return decodeSocialPost(hexToBytes(kept)).catch(() => undefined)
}

function isInTime({ action }: SocialPost): boolean {
  return action.deadline * 1000n > BigInt(Date.now())
}
