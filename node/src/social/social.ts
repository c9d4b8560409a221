import type { DatabaseSync } from 'node:sqlite'
import { checkSocialActions } from '@sluice/sdk/chain'
import { decodeSocialPost } from '@sluice/sdk/social'
import type { SocialReport } from '@sluice/sdk/social'
import type { Hex } from 'viem'
import type { NodeChain } from '../chain/index.ts'
import type { NodeConfig } from '../config.ts'
import { createRounds } from '../daemon/rounds.ts'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import type { Store } from '../store/index.ts'
import { createAdmission } from './admission.ts'
import { createBatcher } from './batcher.ts'
import type { BatcherOptions } from './batcher.ts'
import { createBudget } from './budget.ts'
import { createGossip } from './gossip.ts'
import type { InboxOptions } from './inbox.ts'
import { keepComment } from './keep-comment.ts'
import { createPool, POOL_LIMITS } from './pool.ts'
import type { Pool } from './pool.ts'
import type { PoolEntry } from './entries.ts'
import { settleWaiting } from './settle.ts'
import type { Check } from './settle.ts'
import { createStanding } from './standing.ts'
import { createSubmissionsTable } from './submissions-table.ts'

/** The words of wallets that this node knows of, carries on, and submits if it chooses to. */
export type Social = {
  /**
   * Takes an action from a page at an address prefix. Throws BAD_INPUT, SIGNATURE_INVALID, NOT_ENTITLED, RATE_LIMITED,
   * or what reading the chain throws; what the chain would refuse is told as refused.
   */
  post(bytes: Uint8Array, prefix: string): Promise<SocialReport>
  /** What is known of an action, by the digest that was signed. */
  get(id: Hex): SocialReport | undefined
  /** Newest first. */
  find(what: { readonly wallet?: Hex; readonly subject?: Hex }, limit: number): readonly SocialReport[]
  stop(): Promise<void>
}

export type SocialOptions = {
  readonly config: Pick<NodeConfig, 'chain' | 'social'>
  readonly host: Host
  readonly chain: NodeChain
  readonly store: Pick<Store, 'blocks'> & { readonly database: DatabaseSync }
  readonly log: Log
}

/** For how many polls of the chain a batch is put off at most. */
const HOLD_ROUNDS = 2

/** Starts to take and carry social actions. */
export async function startSocial({ config, host, chain, store, log }: SocialOptions): Promise<Social> {
  const { chainId, contracts, confirmations, pollIntervalMs } = config.chain
  const { minStake, submit } = config.social
  const client = chain.publicClient
  const stopped = new AbortController()
  const check: Check = (posts) => {
    const actions = posts.map(({ action, signature }) => ({ action, signature }))
    return checkSocialActions(client, { contracts, actions })
  }

  const keep = (entry: PoolEntry): void => void keepComment(entry, { store, submit, log })
  const pool = createPool(POOL_LIMITS, keep)
  const standing = createStanding({ client, contracts, sessions: chain.sessions, minStake })
  const domain = { chainId, social: contracts.social }
  const admit = createAdmission({ pool, domain, standing, check })
  const shared = { pool, clients: chain, contracts, confirmations, check, signal: stopped.signal, log }
  const batcher = submit ? await openBatcher(shared, config, store.database) : undefined
  const rounds = createRounds(pollIntervalMs, createRound({ pool, check, chain, batcher }), (error) => {
    if (!stopped.signal.aborted) log.warn({ err: error }, 'social actions wait; trying again')
  })
  const unsubscribe = chain.watcher.onReorg(() => pool.reopen())
  const take: InboxOptions['take'] = async (post) => {
    const admitted = await admit(post)
    if ('refused' in admitted) return { isNew: false, isSenderAtFault: admitted.refused === 'session-expired' }
    return { isNew: admitted.isNew, isSenderAtFault: false }
  }
  const gossip = await createGossip({ host, take, backlog: () => pool.waiting().map(({ post }) => post), log })

  return {
    async post(bytes, prefix) {
      const post = await decodeSocialPost(bytes)
      const admitted = await admit(post, prefix)
      if ('refused' in admitted) return { id: admitted.id, post, state: 'refused', reason: admitted.refused }
      if (admitted.isNew) gossip.tell(post)
      return admitted.entry
    },
    get: (id) => pool.get(id),
    find: (what, limit) => pool.find(what, limit),
    async stop() {
      stopped.abort()
      unsubscribe()
      await gossip.stop()
      await rounds.stop()
    },
  }
}

type RoundOptions = {
  readonly pool: Pool
  readonly check: Check
  readonly chain: Pick<NodeChain, 'watcher'>
  readonly batcher: Pick<ReturnType<typeof createBatcher>, 'round'> | undefined
}

/**
 * What is done again and again: what has landed is found whenever there is a new block, and what is due is submitted.
 */
function createRound({ pool, check, chain, batcher }: RoundOptions): () => Promise<void> {
  let settledAt: bigint | undefined
  return async () => {
    pool.expire(Date.now())
    if (pool.waiting().length === 0 || !chain.watcher.healthy()) return
    const head = chain.watcher.head()
    if (head !== settledAt) await settleWaiting(pool, check, Date.now)
    settledAt = head
    await batcher?.round()
  }
}

async function openBatcher(
  shared: Omit<BatcherOptions, 'policy' | 'budget' | 'submissions' | 'holdMs'>,
  { chain: { pollIntervalMs }, social }: SocialOptions['config'],
  database: DatabaseSync,
) {
  const { minBatch, maxWaitSeconds, maxGas, dailyBudget } = social
  const holdMs = HOLD_ROUNDS * pollIntervalMs
  const policy = { minBatch, maxWaitMs: maxWaitSeconds * 1000, maxGas: BigInt(maxGas) }
  const submissions = createSubmissionsTable(database)
  const batcher = createBatcher({ ...shared, holdMs, policy, budget: createBudget(database, dailyBudget), submissions })
  await batcher.restore()
  return batcher
}
