import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SocialRefusal } from '@sluice/sdk/social'
import { getAddress, keccak256, numberToHex, pad, zeroHash } from 'viem'
import { quiet } from '../testing/peers.ts'
import { gatherBatch } from './gather-batch.ts'
import { createPool } from './pool.ts'

type World = {
  /** What the chain says of the actions with these nonces; none of the others. */
  readonly answers?: (nonces: readonly number[]) => readonly SocialRefusal[]
  readonly gasEach?: bigint
}

/** Gathers from a pool of so many actions; returns the nonces that go, and the pool. */
async function gather(count: number, { answers, gasEach = 10n }: World = {}) {
  const pool = createPool()
  for (let nonce = 0; nonce < count; nonce += 1) {
    const action = {
      ...{ wallet: getAddress(pad('0xa1', { size: 20 })), session: { qx: zeroHash, qy: zeroHash }, kind: 2 },
      ...{ subject: zeroHash, value: zeroHash, parent: zeroHash },
      ...{ nonce: BigInt(nonce), issuedAt: 0n, deadline: 1n },
    }
    const id = keccak256(numberToHex(nonce))
    pool.add({ id, post: { action, signature: { r: zeroHash, s: zeroHash } }, since: 0, state: 'pending' })
  }
  const { go } = await gatherBatch({
    pool,
    policy: { minBatch: 1, maxWaitMs: 0, maxGas: 100n },
    check: (actions) => {
      const nonces = actions.map(({ action }) => Number(action.nonce))
      return Promise.resolve(answers?.(nonces) ?? nonces.map(() => 'none'))
    },
    estimateGas: (entries) => Promise.resolve(gasEach * BigInt(entries.length)),
    now: () => 0,
    log: quiet,
  })
  return { nonces: go.map(({ post }) => Number(post.action.nonce)), pool }
}

describe('gathering a batch', () => {
  it('takes what the chain would do, and pays for nothing that it would refuse', async () => {
    const answers = (nonces: readonly number[]): SocialRefusal[] =>
      nonces.map((nonce) => (nonce === 1 ? 'stale' : 'none'))
    const { nonces, pool } = await gather(3, { answers })
    assert.deepEqual(nonces, [0, 2])
    assert.equal(pool.get(keccak256(numberToHex(1)))?.reason, 'stale')
  })

  it('asks again without what was left out, as that may change what is said of the others', async () => {
    const answers = (nonces: readonly number[]): SocialRefusal[] =>
      nonces.map((nonce) => (nonce === 0 || (nonce === 1 && !nonces.includes(0)) ? 'unchanged' : 'none'))
    const { nonces } = await gather(4, { answers })
    assert.deepEqual(nonces, [2, 3])
  })

  it('takes nothing while the chain goes on refusing', async () => {
    const answers = (nonces: readonly number[]): SocialRefusal[] => nonces.map((_, at) => (at === 0 ? 'early' : 'none'))
    assert.deepEqual((await gather(20, { answers })).nonces, [])
  })

  it('takes fewer where all would cost too much gas, and none where one does', async () => {
    assert.deepEqual((await gather(15)).nonces, [0, 1, 2, 3, 4, 5, 6, 7])
    const { nonces, pool } = await gather(3, { gasEach: 101n })
    assert.deepEqual(nonces, [])
    assert.equal(pool.waiting().length, 3)
  })
})
