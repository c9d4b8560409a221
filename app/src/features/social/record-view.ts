import { isSluiceError } from '@sluice/sdk'
import type { Edition } from '@sluice/sdk/chain'
import type { Address, Hex } from 'viem'
import type { Speaker } from './speaker.ts'

const DAY_MS = 86_400_000
/** Views of a page's life that are remembered, so that none is said twice. */
const MAX_REMEMBERED = 500

export type View = {
  readonly contentId: Hex
  readonly wallet: Address
  readonly creator: Address
  readonly editions: readonly Edition[]
  /** Whether the wallet holds an edition's key now. */
  readonly isHeld: (editionId: bigint) => Promise<boolean>
}

/**
 * Says that a wallet has seen a content, once a UTC day: by its session or not at all, and never the creator's own.
 * Whether it was counted today already the chain knows; a node that is told again answers so, and nothing comes of it.
 *
 * @returns A function that never fails: a view is not worth disturbing anybody for.
 */
export function createViewRecorder(now: () => number = Date.now) {
  const remembered = new Set<string>()
  return async (speaker: Speaker, { contentId, wallet, creator, editions, isHeld }: View): Promise<void> => {
    if (speaker.by !== 'session' || wallet.toLowerCase() === creator.toLowerCase()) return
    const name = `${wallet} ${contentId} ${String(Math.floor(now() / DAY_MS))}`.toLowerCase()
    if (remembered.has(name)) return
    remembered.add(name)
    for (const oldest of [...remembered].slice(0, -MAX_REMEMBERED)) remembered.delete(oldest)
    try {
      const held = await Promise.all(editions.map(async ({ editionId }) => isHeld(editionId)))
      const edition = editions.find((_, index) => held[index])
      if (edition === undefined) return
      await speaker.outbox.say({ kind: 'view', contentId, editionId: edition.editionId })
    } catch (error) {
      // What the rules forbid they forbid all day; for anything else there may be a next time.
      if (!isSluiceError(error, 'CHAIN_REVERT')) remembered.delete(name)
    }
  }
}
