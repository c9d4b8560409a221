import { isSluiceError } from '@sluice/sdk'
import { cidOfBlockHash } from '@sluice/sdk/content'
import type { Log } from '../log.ts'
import type { Store } from '../store/index.ts'
import type { PoolEntry } from './entries.ts'

export type KeepCommentOptions = {
  readonly store: Pick<Store, 'blocks'>
  /** Whether this node submits: it keeps what peers brought too. */
  readonly submit: boolean
  readonly log: Log
}

/**
 * The text of a comment that is on chain stays with the node that it was posted to, and with whoever submits; where
 * there is room.
 */
export async function keepComment(
  { post, prefix }: PoolEntry,
  { store, submit, log }: KeepCommentOptions,
): Promise<void> {
  if (post.comment === undefined || !(submit || prefix !== undefined)) return
  const cid = cidOfBlockHash(post.action.value).toString()
  try {
    await store.blocks.put(cid, post.comment, { evict: false })
  } catch (error) {
    const isFull = isSluiceError(error, 'STORE_FULL')
    log[isFull ? 'debug' : 'warn']({ err: error, cid }, 'could not keep a comment')
  }
}
