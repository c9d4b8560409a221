import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { getAddress, numberToHex, pad, zeroHash } from 'viem'
import type { PoolEntry } from './entries.ts'
import { createPool, POOL_LIMITS } from './pool.ts'

const LIMITS = {
  ...POOL_LIMITS,
  total: 12,
  perWallet: 4,
  perPrefix: 6,
  perWalletDaily: 9,
  done: 5,
  waitMs: 100,
  doneMs: 50,
}
const DAY_MS = 86_400_000

type Change = Partial<Pick<PoolEntry, 'since' | 'prefix'>> & { issuedAt?: bigint; subject?: number }

function entry(wallet: number, nonce: number, { issuedAt = 1n, subject = 0, ...change }: Change = {}): PoolEntry {
  const action = {
    wallet: getAddress(pad(numberToHex(wallet), { size: 20 })),
    session: { qx: zeroHash, qy: zeroHash },
    kind: 2,
    subject: pad(numberToHex(subject)),
    value: zeroHash,
    parent: zeroHash,
    nonce: BigInt(nonce),
    issuedAt,
    deadline: 100n,
  }
  const id = pad(numberToHex(wallet * 1000 + nonce))
  return { id, post: { action, signature: { r: zeroHash, s: zeroHash } }, since: 0, state: 'pending', ...change }
}

/** Takes it where it is not refused, as the admission does. */
function offer(pool: ReturnType<typeof createPool>, offered: PoolEntry): string {
  if (pool.known(offered.post.action) !== undefined) return 'known'
  const refusal = pool.refuses(offered.post.action, offered.prefix, offered.since)
  if (refusal === undefined) pool.add(offered)
  return refusal ?? 'taken'
}

describe('the pool of social actions', () => {
  it('takes each action once, by wallet and nonce', () => {
    const pool = createPool(LIMITS)
    assert.equal(offer(pool, entry(1, 1)), 'taken')
    assert.equal(offer(pool, { ...entry(1, 1), id: zeroHash }), 'known')
    assert.equal(offer(pool, entry(2, 1)), 'taken')
    assert.equal(pool.waiting().length, 2)
  })

  it('gives what waits in the order in which it was said', () => {
    const pool = createPool(LIMITS)
    const said = [entry(1, 5, { issuedAt: 7n }), entry(1, 4, { issuedAt: 7n }), entry(2, 9, { issuedAt: 6n })]
    for (const each of said) offer(pool, each)
    assert.deepEqual(
      pool.waiting().map(({ post }) => post.action.nonce),
      [9n, 4n, 5n],
    )
  })

  it('refuses a wallet that has too much waiting, and takes more once something settled', () => {
    const pool = createPool(LIMITS)
    for (let nonce = 0; nonce < 4; nonce += 1) assert.equal(offer(pool, entry(1, nonce)), 'taken')
    assert.equal(offer(pool, entry(1, 4)), 'wallet-full')
    pool.move(entry(1, 0).id, { state: 'settled' }, 1)
    assert.equal(offer(pool, entry(1, 4)), 'taken')
  })

  it('refuses a wallet that has said enough within a day, until the day is over', () => {
    const pool = createPool(LIMITS)
    for (let nonce = 0; nonce < 9; nonce += 1) {
      assert.equal(offer(pool, entry(1, nonce)), 'taken')
      pool.move(entry(1, nonce).id, { state: 'settled' }, 1)
    }
    assert.equal(offer(pool, entry(1, 10)), 'wallet-daily')
    assert.equal(offer(pool, entry(1, 10, { since: DAY_MS })), 'taken')
  })

  it('refuses a network from which too much waits, and no other', () => {
    const pool = createPool(LIMITS)
    for (let wallet = 0; wallet < 6; wallet += 1) offer(pool, entry(wallet, 0, { prefix: '10.0.0' }))
    assert.equal(offer(pool, entry(6, 0, { prefix: '10.0.0' })), 'prefix-full')
    assert.equal(offer(pool, entry(6, 0, { prefix: '10.0.1' })), 'taken')
  })

  it('makes room, when full, at the cost of the wallet that has most, and of nobody who has no more than the newcomer', () => {
    const pool = createPool(LIMITS)
    for (let wallet = 0; wallet < 3; wallet += 1)
      for (let nonce = 0; nonce < 4; nonce += 1) offer(pool, entry(wallet, nonce))
    assert.equal(offer(pool, entry(9, 0)), 'taken')
    assert.equal(pool.waiting().length, LIMITS.total)
    const even = createPool(LIMITS)
    for (let wallet = 0; wallet < 12; wallet += 1) offer(even, entry(wallet, 0))
    assert.equal(offer(even, entry(12, 0)), 'full')
  })

  it('forgets what waited or was told of for long enough, but never what was submitted', () => {
    const pool = createPool(LIMITS)
    for (let nonce = 0; nonce < 3; nonce += 1) offer(pool, entry(1, nonce))
    pool.move(entry(1, 0).id, { state: 'submitted' }, 1)
    pool.move(entry(1, 1).id, { state: 'refused', reason: 'stale' }, 10)
    pool.expire(59)
    assert.equal(pool.get(entry(1, 1).id)?.reason, 'stale')
    pool.expire(60)
    assert.equal(pool.get(entry(1, 1).id), undefined)
    pool.expire(100)
    assert.deepEqual(
      pool.waiting().map(({ state }) => state),
      ['submitted'],
    )
  })

  it('tells once of what settled, and has it wait again when the chain takes it back', () => {
    const settled: string[] = []
    const pool = createPool(LIMITS, ({ id }) => void settled.push(id))
    const [own, others] = [entry(1, 1), entry(1, 2)]
    for (const each of [own, others]) offer(pool, each)
    pool.move(own.id, { state: 'settled', hash: zeroHash }, 1)
    pool.move(own.id, { state: 'settled', hash: zeroHash }, 2)
    pool.move(others.id, { state: 'settled' }, 1)
    assert.deepEqual(settled, [own.id, others.id])
    pool.reopen()
    assert.deepEqual(
      pool.waiting().map(({ state, hash }) => [state, hash]),
      [
        ['submitted', undefined],
        ['pending', undefined],
      ],
    )
  })

  it('finds by wallet and by subject, newest first and no more than asked for', () => {
    const pool = createPool(LIMITS)
    for (let nonce = 0; nonce < 3; nonce += 1)
      offer(pool, entry(1, nonce, { issuedAt: BigInt(nonce), subject: nonce % 2 }))
    const { wallet } = entry(1, 0).post.action
    const nonces = (what: Parameters<typeof pool.find>[0], limit: number) =>
      pool.find(what, limit).map(({ post }) => Number(post.action.nonce))
    assert.deepEqual(nonces({ wallet }, 2), [2, 1])
    assert.deepEqual(nonces({ subject: zeroHash }, 9), [2, 0])
    assert.deepEqual(nonces({ wallet: entry(2, 0).post.action.wallet }, 9), [])
  })

  it('keeps every bound, whatever comes and whatever becomes of it', () => {
    const step = fc.record({
      wallet: fc.integer({ min: 0, max: 15 }),
      nonce: fc.integer({ min: 0, max: 12 }),
      prefix: fc.constantFrom(undefined, 'a', 'b'),
      fate: fc.constantFrom('pending', 'submitted', 'settled', 'refused'),
      pass: fc.integer({ min: 0, max: 30 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const pool = createPool(LIMITS)
        let now = 0
        for (const { wallet, nonce, prefix, fate, pass } of steps) {
          now += pass
          offer(pool, entry(wallet, nonce, { since: now, ...(prefix === undefined ? {} : { prefix }) }))
          pool.move(entry(wallet, nonce).id, { state: fate }, now)
          pool.expire(now)
          const waiting = pool.waiting()
          const most = (by: (each: PoolEntry) => string | undefined) =>
            Math.max(0, ...[...Map.groupBy(waiting, by)].map(([key, each]) => (key === undefined ? 0 : each.length)))
          assert.ok(waiting.length <= LIMITS.total)
          assert.ok(most(({ post }) => post.action.wallet) <= LIMITS.perWallet)
          assert.ok(most((each) => each.prefix) <= LIMITS.perPrefix)
          assert.ok(pool.find({}, 1000).length - waiting.length <= LIMITS.done)
        }
      }),
    )
  })
})
