import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import type { submitSocialActions } from '@sluice/sdk/chain'
import { createPublicClient, createWalletClient, custom, defineChain, keccak256, numberToHex, zeroAddress } from 'viem'
import { pad, zeroHash } from 'viem'
import type { Hash } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { SocialRefusal } from '@sluice/sdk/social'
import { openDatabase } from '../store/database.ts'
import { NODE_MIGRATIONS } from '../store/migrations.ts'
import { createCleanup, quiet } from '../testing/peers.ts'
import { createBatcher } from './batcher.ts'
import { createBudget } from './budget.ts'
import { createPool } from './pool.ts'
import { createSubmissionsTable } from './submissions-table.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

const BUDGET = 1000n
/** Of the estimate; a gas costs 1 wei. */
const GAS = 100n
const HASH = keccak256('0x01')

const chain = defineChain({
  id: 31337,
  name: 'test',
  nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [] } },
})
const answers: Readonly<Record<string, unknown>> = {
  eth_gasPrice: numberToHex(1),
  eth_maxPriorityFeePerGas: numberToHex(1),
  eth_estimateGas: numberToHex(GAS),
  eth_getTransactionCount: numberToHex(0),
  eth_getBlockByNumber: { number: numberToHex(1), baseFeePerGas: numberToHex(1), transactions: [] },
}
const transport = custom(
  {
    request: ({ method }: { readonly method: string }) =>
      method in answers ? Promise.resolve(answers[method]) : Promise.reject(new Error(method)),
  },
  { retryCount: 0 },
)
const clients = {
  publicClient: createPublicClient({ chain, transport }),
  walletClient: createWalletClient({ chain, transport, account: privateKeyToAccount(keccak256('0x03')) }),
}
const contracts = {
  ...{ registry: zeroAddress, keys: zeroAddress, market: zeroAddress, channels: zeroAddress, nodes: zeroAddress },
  social: zeroAddress,
}

type Send = typeof submitSocialActions
type Receipt = submitSocialActions.Result['receipt']

/** What the chain says of one action, mined at 1 wei a gas in the transaction with this hash. */
function mined(hash: Hash, gasUsed: bigint): submitSocialActions.Result {
  return { hash, receipt: { transactionHash: hash, gasUsed, effectiveGasPrice: 1n } as Receipt, refused: [] }
}

type World = { readonly holdMs?: number; readonly check?: () => SocialRefusal }

/** A batcher before one action that is due. */
async function openTest(send: Send, { holdMs = 0, check = () => 'none' }: World = {}) {
  const world = { time: Date.now() }
  const directory = await mkdtemp(join(tmpdir(), 'sluice-batcher-'))
  cleanup.add(() => rm(directory, { recursive: true }))
  const database = openDatabase(join(directory, 'node.db'), NODE_MIGRATIONS)
  cleanup.add(() => database.close())
  const pool = createPool()
  const action = {
    ...{ wallet: zeroAddress, session: { qx: zeroHash, qy: zeroHash }, kind: 2 },
    ...{ subject: pad('0xb2'), value: zeroHash, parent: zeroHash, nonce: 1n, issuedAt: 0n, deadline: 1n },
  }
  const id = keccak256('0x02')
  pool.add({ id, post: { action, signature: { r: zeroHash, s: zeroHash } }, since: world.time, state: 'pending' })
  const budget = createBudget(database, BUDGET)
  const batcher = createBatcher({
    ...{ pool, clients, contracts, budget, send, log: quiet, confirmations: 1 },
    submissions: createSubmissionsTable(database),
    policy: { minBatch: 1, maxWaitMs: 0, maxGas: 1000n },
    check: (posts) => Promise.resolve(posts.map(check)),
    ...{ holdMs, now: () => world.time, random: () => 0.5 },
    signal: new AbortController().signal,
  })
  return { batcher, budget, pool, id, world }
}

describe('carrying a batch to the chain', () => {
  it('costs what the receipt says', async () => {
    const { batcher, budget, pool, id } = await openTest((_, { onHash }) => {
      onHash?.(HASH)
      return Promise.resolve(mined(HASH, 70n))
    })
    await batcher.round()
    assert.equal(budget.left(), BUDGET - 70n)
    assert.deepEqual([pool.get(id)?.state, pool.get(id)?.hash], ['settled', HASH])
  })

  it('costs nothing where nothing was sent, and what was estimated where that may yet be mined', async () => {
    const unfunded = await openTest(() => Promise.reject(new SluiceError('CHAIN_REVERT', 'no funds')))
    await assert.rejects(unfunded.batcher.round(), /no funds/)
    assert.equal(unfunded.budget.left(), BUDGET)

    const unseen = await openTest((_, { onHash }) => {
      onHash?.(HASH)
      return Promise.reject(new SluiceError('TIMEOUT', 'not mined yet'))
    })
    await assert.rejects(unseen.batcher.round(), /not mined yet/)
    assert.equal(unseen.budget.left(), BUDGET - GAS)
    assert.equal(unseen.pool.get(unseen.id)?.state, 'submitted')
  })

  it('says nothing of what became of a batch whose transaction another one replaced', async () => {
    const { batcher, budget, pool, id } = await openTest((_, { onHash }) => {
      onHash?.(HASH)
      return Promise.resolve(mined(keccak256('0x04'), 21n))
    })
    await batcher.round()
    assert.equal(pool.get(id)?.state, 'submitted')
    assert.equal(budget.left(), BUDGET - GAS)
  })

  it('is put off for a random while, and left out where another node was first', async () => {
    let sent = 0
    let answer: SocialRefusal = 'none'
    const send: Send = (_, { onHash }) => {
      sent += 1
      onHash?.(HASH)
      return Promise.resolve(mined(HASH, 70n))
    }
    for (const meanwhile of ['none', 'nonce-spent'] as const) {
      ;[sent, answer] = [0, 'none']
      const { batcher, pool, id, world } = await openTest(send, { holdMs: 4000, check: () => answer })
      await batcher.round()
      world.time += 1999
      await batcher.round()
      assert.deepEqual([sent, pool.get(id)?.state], [0, 'pending'])
      answer = meanwhile
      world.time += 1
      await batcher.round()
      assert.equal(sent, meanwhile === 'none' ? 1 : 0)
      assert.equal(pool.get(id)?.state, 'settled')
    }
  })
})
