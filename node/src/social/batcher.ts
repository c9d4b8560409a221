import { socialGraphAbi, submitSocialActions } from '@sluice/sdk/chain'
import type { SluiceContracts } from '@sluice/sdk/chain'
import type { SignedSocialAction, SocialRefusal } from '@sluice/sdk/social'
import type { Hash } from 'viem'
import { estimateContractGas, getGasPrice, getTransactionCount } from 'viem/actions'
import type { ChainClients } from '../chain/clients.ts'
import type { Log } from '../log.ts'
import type { Budget } from './budget.ts'
import type { PoolEntry } from './entries.ts'
import { gatherBatch } from './gather-batch.ts'
import type { GatherOptions } from './gather-batch.ts'
import { createHold } from './hold.ts'
import { planBatch, sortAnswers } from './plan-batch.ts'
import { createSent } from './sent.ts'
import { recordOutcomes } from './settle.ts'
import type { SubmissionsTable } from './submissions-table.ts'

export type BatcherOptions = Omit<GatherOptions, 'estimateGas' | 'now'> & {
  readonly clients: ChainClients
  readonly contracts: SluiceContracts
  readonly confirmations: number
  readonly budget: Budget
  readonly submissions: SubmissionsTable
  /**
   * For how long a batch that is due is put off at most, in milliseconds, so that not all who submit send the same at
   * once.
   */
  readonly holdMs: number
  readonly now?: () => number
  /** From 0 up to 1. */
  readonly random?: () => number
  /** How a batch is sent; as the sdk does it unless told otherwise. */
  readonly send?: typeof submitSocialActions
  readonly signal: AbortSignal
  readonly log: Log
}

const RECEIPT_TIMEOUT_MS = 60_000

/**
 * Carries what waits to the chain, batch after batch, one call at a time. What is in a transaction of this node's is
 * not put into a second one: it comes back only when the chain has it not and no transaction waits.
 */
export function createBatcher(options: BatcherOptions) {
  const { pool, clients, budget, submissions, log, contracts, now = Date.now } = options
  const { publicClient, walletClient } = clients
  const hasOutstanding = async (): Promise<boolean> => {
    const { address } = walletClient.account
    const count = (blockTag: 'latest' | 'pending') => getTransactionCount(publicClient, { address, blockTag })
    const [mined, sent] = await Promise.all([count('latest'), count('pending')])
    return sent > mined
  }
  const hold = createHold({ ...options, now })
  const sent = createSent({ pool, submissions, hasOutstanding, now })
  const estimateGas = (entries: readonly PoolEntry[]): Promise<bigint> => {
    const call = { address: contracts.social, abi: socialGraphAbi, functionName: 'submit' } as const
    return estimateContractGas(publicClient, { ...call, args: [entries.map(signed)], account: walletClient.account })
  }
  let isPoor = false

  /** Takes what a batch may cost from today's budget; undefined where there is not enough left. */
  async function reserve(gas: bigint): Promise<bigint | undefined> {
    const cost = gas * (await getGasPrice(publicClient))
    const canPay = cost <= budget.left()
    if (!canPay && !isPoor) log.warn({ cost: String(cost) }, 'today’s budget for social actions is spent')
    isPoor = !canPay
    if (canPay) budget.take(cost)
    return canPay ? cost : undefined
  }

  return {
    restore: () => sent.restore(),
    /** Submits what is due. Throws what the chain throws; what it had sent by then is looked for in later rounds. */
    async round(): Promise<void> {
      sent.forget()
      await sent.release()
      if (!hold.isOver(planBatch(pool.waiting(), options.policy, now()))) return
      const { go, gas } = await gatherBatch({ ...options, estimateGas, now })
      const reserved = go.length === 0 ? undefined : await reserve(gas)
      if (reserved === undefined) return
      sent.add(go)
      await spend(options, go, reserved)
      sent.forget()
    },
  }
}

/**
 * Submits a batch whose cost is reserved. What was never sent costs nothing; what is sent and not seen again may yet be
 * mined.
 */
async function spend(options: BatcherOptions, go: readonly PoolEntry[], reserved: bigint): Promise<void> {
  const { budget, log } = options
  const hashes: Hash[] = []
  try {
    const result = await submit(options, go, (hash) => hashes.push(hash))
    const { hash, receipt } = result
    // Another transaction of this account's came in its place; what that one did, the chain is asked for in later
    // rounds.
    if (!hashes.includes(hash)) {
      log.warn({ hash, sent: hashes[0] }, 'a batch’s transaction was replaced')
      return
    }
    budget.take(receipt.gasUsed * receipt.effectiveGasPrice - reserved)
    record(options, go, result)
  } catch (error) {
    if (hashes.length === 0) budget.take(-reserved)
    throw error
  }
}

function submit(options: BatcherOptions, go: readonly PoolEntry[], onHash: (hash: Hash) => void) {
  const { clients, contracts, confirmations, signal, send = submitSocialActions } = options
  const limits = { contracts, confirmations, signal, timeout: RECEIPT_TIMEOUT_MS, onHash }
  return send(clients.walletClient, { ...limits, actions: go.map(signed) })
}

/** Writes down what a transaction of this node's did and did not do. */
function record(
  { pool, log }: BatcherOptions,
  go: readonly PoolEntry[],
  { hash, refused }: submitSocialActions.Result,
) {
  const answers = go.map((): SocialRefusal | undefined => 'nonce-spent')
  for (const { index, reason } of refused) answers[index] = reason
  recordOutcomes(pool, sortAnswers(go, answers), Date.now(), hash)
  log.info({ hash, actions: go.length, refused: refused.length }, 'submitted social actions')
}

function signed({ post: { action, signature } }: PoolEntry): SignedSocialAction {
  return { action, signature }
}
