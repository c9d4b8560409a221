import { SluiceError } from '@sluice/sdk'
import { confirmSocialReport } from '@sluice/sdk/client'
import type { SocialCarrier, SocialNode, SocialWish } from '@sluice/sdk/client'
import { verifyDigest } from '@sluice/sdk/session'
import { hashSocialAction, refusedFor } from '@sluice/sdk/social'
import type { SocialReport } from '@sluice/sdk/social'
import { isAddressEqual } from 'viem'
import type { Hex } from 'viem'
import { createCarrier } from './carrier.ts'
import type { Place } from './carrier.ts'
import type { KeptPosts } from './kept-posts.ts'
import { isOnItsWay } from './said.ts'
import type { Said } from './said.ts'

/** As many as a node lists at once. */
const MAX_SAID = 100

export type OutboxOptions = Place & {
  readonly node: SocialCarrier & Pick<SocialNode, 'list'>
  /** Who is asked where that node refuses what the chain would do. */
  readonly others?: readonly SocialCarrier[]
  readonly kept: KeptPosts
  /** Has what is shown of the chain and of the index read again; what was said counts as settled when that is done. */
  readonly onSettled: () => Promise<void>
  /** Ends the following; a page follows for as long as it lives. */
  readonly closed?: AbortSignal | undefined
}

export type Outbox = {
  /** Takes up again what this session said before the page was left. Throws what asking the node throws. */
  resume(signal: AbortSignal): Promise<void>
  /**
   * Resolves when a node has taken it. Throws as `postSocialAction`; what becomes of it after that is in {@link read}.
   */
  say(wish: SocialWish): Promise<void>
  /** Stops showing what has an end. */
  forget(id: Hex): void
  /** The same array until something changes. */
  read(): readonly Said[]
  subscribe(listener: () => void): () => void
}

/**
 * What a session says for its wallet in this page: on its way as soon as a node has it, and followed until
 * it has an end.
 */
export function createOutbox({ node, others, kept, onSettled, closed, ...place }: OutboxOptions): Outbox {
  const signal = closed ?? new AbortController().signal
  const shelf = createShelf()
  const { carry, follow } = createCarrier({ node, others, place, kept, signal })

  /** Shows what is going on; that something is settled is told of when the page shows it. */
  const show = (report: SocialReport): void => {
    if (report.state !== 'refused') shelf.put(report.state === 'settled' ? { ...report, state: 'submitted' } : report)
  }
  async function conclude(report: SocialReport): Promise<void> {
    await onSettled().catch(() => undefined)
    shelf.put({ ...report, state: 'settled' })
  }

  function resumeOne(report: SocialReport): void {
    if (shelf.get(report.id) !== undefined || report.reason === 'unchanged') return
    shelf.put(report.state === 'refused' ? { ...report, error: refusedFor(report.reason) } : report)
    if (!isOnItsWay(report)) return
    follow(report, show)
      .then(conclude)
      .catch((error: unknown) => shelf.put({ ...report, error }))
  }

  return {
    async resume(asking) {
      const known = await node.list({ wallet: place.wallet, limit: MAX_SAID }, asking)
      const isOwn = await Promise.all(known.map(async (report) => isSaidBy(place, report)))
      const own = known.filter((_, index) => isOwn[index]).toReversed()
      for (const report of await Promise.all(own.map(async (said) => confirmSocialReport(place, said.post, said)))) {
        resumeOne(report)
      }
    },
    say(wish) {
      const taken = Promise.withResolvers<void>()
      let first: SocialReport | undefined
      const onReport = (report: SocialReport): void => {
        show(report)
        if (report.state === 'refused') return
        first ??= report
        taken.resolve()
      }
      carry(wish, onReport)
        .then(conclude)
        .then(taken.resolve, (error: unknown) => {
          if (first !== undefined) shelf.put({ ...first, error })
          taken.reject(error instanceof Error ? error : new SluiceError('INTERNAL', String(error)))
        })
      return taken.promise
    },
    forget: shelf.drop,
    read: shelf.read,
    subscribe: shelf.subscribe,
  }
}

/** Items by id, in the order in which they came, for who wants to know when they change. */
function createShelf() {
  const items = new Map<Hex, Said>()
  const listeners = new Set<() => void>()
  let shown: readonly Said[] = []
  const change = (): void => {
    shown = [...items.values()]
    for (const listener of listeners) listener()
  }
  return {
    get: (id: Hex): Said | undefined => items.get(id),
    put(item: Said): void {
      items.set(item.id, item)
      for (const id of [...items.keys()].slice(0, Math.max(0, items.size - MAX_SAID))) items.delete(id)
      change()
    },
    drop(id: Hex): void {
      if (items.delete(id)) change()
    },
    read: (): readonly Said[] => shown,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A node could make words up; what this very session has signed, it cannot. */
async function isSaidBy({ session, wallet, chainId, contracts }: Place, { id, post }: SocialReport): Promise<boolean> {
  const { action, signature } = post
  const { qx, qy } = session.publicKey
  if (!isAddressEqual(action.wallet, wallet) || action.session.qx !== qx || action.session.qy !== qy) return false
  const digest = hashSocialAction({ chainId, social: contracts.social }, action)
  return digest === id && verifyDigest(action.session, id, signature)
}
