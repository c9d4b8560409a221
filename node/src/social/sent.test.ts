import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { getAddress, keccak256, numberToHex, pad, zeroHash } from 'viem'
import { openDatabase } from '../store/database.ts'
import { NODE_MIGRATIONS } from '../store/migrations.ts'
import { createCleanup } from '../testing/peers.ts'
import { createBudget } from './budget.ts'
import type { PoolEntry } from './entries.ts'
import { createPool } from './pool.ts'
import { createSent } from './sent.ts'
import { createSubmissionsTable } from './submissions-table.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

const MINUTE_MS = 60_000

function entry(nonce: number): PoolEntry {
  const action = {
    ...{ wallet: getAddress(pad('0xa1', { size: 20 })), session: { qx: zeroHash, qy: zeroHash }, kind: 2 },
    ...{ subject: pad('0xb2'), value: zeroHash, parent: zeroHash },
    ...{ nonce: BigInt(nonce), issuedAt: 0n, deadline: 1n },
  }
  const post = { action, signature: { r: zeroHash, s: zeroHash } }
  return { id: keccak256(numberToHex(nonce)), post, since: 0, state: 'pending' }
}

async function openTest() {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-sent-'))
  cleanup.add(() => rm(directory, { recursive: true }))
  const database = openDatabase(join(directory, 'node.db'), NODE_MIGRATIONS)
  cleanup.add(() => database.close())
  const world = { time: 0, outstanding: false }
  const open = () => {
    const pool = createPool()
    const submissions = createSubmissionsTable(database)
    const hasOutstanding = () => Promise.resolve(world.outstanding)
    return { pool, sent: createSent({ pool, submissions, hasOutstanding, now: () => world.time }) }
  }
  return { database, world, open }
}

describe('what was sent', () => {
  it('is known to the next run, which does not send it again while a transaction may hold it', async () => {
    const { world, open } = await openTest()
    const first = open()
    for (const nonce of [1, 2]) first.pool.add(entry(nonce))
    first.sent.add(first.pool.waiting())

    const second = open()
    await second.sent.restore()
    const states = () => second.pool.waiting().map(({ state }) => state)
    assert.deepEqual(states(), ['submitted', 'submitted'])
    await second.sent.release()
    assert.deepEqual(states(), ['submitted', 'submitted'])
    Object.assign(world, { time: MINUTE_MS, outstanding: true })
    await second.sent.release()
    assert.deepEqual(states(), ['submitted', 'submitted'])
    world.outstanding = false
    await second.sent.release()
    assert.deepEqual(states(), ['pending', 'pending'])
  })

  it('is forgotten once it has found its end, and only then', async () => {
    const { open } = await openTest()
    const first = open()
    for (const nonce of [1, 2, 3]) first.pool.add(entry(nonce))
    first.sent.add(first.pool.waiting())
    first.pool.move(entry(1).id, { state: 'settled' }, 1)
    first.pool.move(entry(2).id, { state: 'refused', reason: 'stale' }, 1)
    first.sent.forget()

    const second = open()
    await second.sent.restore()
    assert.deepEqual(
      second.pool.waiting().map(({ id }) => id),
      [entry(3).id],
    )
  })
})

describe('the budget of a day', () => {
  it('is spent across restarts, given back in part, and new the next day', async () => {
    const { database, world } = await openTest()
    const open = () => createBudget(database, 100n, () => world.time)
    open().take(80n)
    assert.equal(open().left(), 20n)
    open().take(-30n)
    assert.equal(open().left(), 50n)
    open().take(70n)
    assert.equal(open().left(), 0n)
    world.time = 24 * 60 * MINUTE_MS
    assert.equal(open().left(), 100n)
  })
})
