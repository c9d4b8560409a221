import type { Log } from '../log.ts'
import type { PoolEntry } from './entries.ts'
import { planBatch, sortAnswers } from './plan-batch.ts'
import type { BatchPolicy } from './plan-batch.ts'
import type { Pool } from './pool.ts'
import { recordOutcomes } from './settle.ts'
import type { Check } from './settle.ts'

export type GatherOptions = {
  readonly pool: Pool
  readonly policy: BatchPolicy & { /** Gas of one transaction at most. */ readonly maxGas: bigint }
  readonly check: Check
  readonly estimateGas: (entries: readonly PoolEntry[]) => Promise<bigint>
  readonly now: () => number
  readonly log: Log
}

/** Leaving one out may change what the chain says of the others; seldom more than once. */
const MAX_SIEVES = 4

/**
 * Of what is due, the first that the chain would all do in one transaction within its gas; empty where there is
 * nothing.
 */
export async function gatherBatch(options: GatherOptions): Promise<{ go: readonly PoolEntry[]; gas: bigint }> {
  const { pool, policy, estimateGas, now, log } = options
  let go = await sieve(options, planBatch(pool.waiting(), policy, now()))
  while (go.length > 0) {
    const gas = await estimateGas(go)
    if (gas <= policy.maxGas) return { go, gas }
    if (go.length === 1) log.warn({ gas: Number(gas) }, 'one social action costs more gas than a batch may')
    go = go.length === 1 ? [] : go.slice(0, Math.ceil(go.length / 2))
  }
  return { go, gas: 0n }
}

async function sieve({ pool, check, now }: GatherOptions, due: readonly PoolEntry[]): Promise<readonly PoolEntry[]> {
  let left = due
  for (let round = 0; round < MAX_SIEVES && left.length > 0; round += 1) {
    const outcomes = sortAnswers(left, await check(left.map(({ post }) => post)))
    recordOutcomes(pool, outcomes, now())
    if (outcomes.go.length === left.length) return left
    left = outcomes.go
  }
  return []
}
