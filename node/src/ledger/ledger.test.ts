import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '@sluice/sdk'
import { createTickChain, paidTotal } from '@sluice/sdk/channel'
import { createPayerLedger, Ledger } from './index.ts'

const directory = mkdtempSync(join(tmpdir(), 'sluice-ledger-'))
after(() => rmSync(directory, { recursive: true }))

const word = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`
const ID = word(1)
const KEY = { wallet: `0x${'aa'.repeat(20)}`, root: 'bafyroot', token: zeroAddress } as const
const DESCRIPTOR = {
  payer: KEY.wallet,
  payee: `0x${'bb'.repeat(20)}`,
  token: zeroAddress,
  session: { qx: ID, qy: ID },
  salt: ID,
} as const
const STANDING = { deposit: 1000n, claimed: 0n, closesAt: 0n, challenge: 3600 }
const chain = createTickChain(word(9), 100)
const signed = {
  voucher: { channelId: ID, cumulative: 0n, tickRoot: chain.root, tickValue: 1n, maxTicks: 100 },
  signature: { r: ID, s: ID },
}
const payment = (ticks: number) => ({ channelId: ID, signed, tick: chain.tick(ticks), ticks })

const CREDIT = 12n
const STEP = fc.record({
  kind: fc.constantFrom('reserve', 'reserve', 'release', 'pay', 'settle'),
  waiting: fc.nat({ max: 20 }),
  price: fc.constantFrom(1n, 1n, 2n),
})
type Step = typeof STEP extends fc.Arbitrary<infer S> ? S : never

/** Takes one step; returns what the file may owe besides. */
function take(ledger: Ledger, { kind, waiting, price }: Step, at: number, more: bigint): bigint {
  if (kind === 'reserve') {
    if (!ledger.reserve(KEY, price, CREDIT, waiting)) return more
    const asked = BigInt(Math.min(waiting, 7)) * price
    return asked > more - price ? asked : more - price
  }
  const { owed, paid } = ledger.account(KEY)
  if (kind === 'pay') {
    if (owed > paid) ledger.accept(payment(at + 1), KEY)
    return more
  }
  if (kind === 'release' && owed > paid) ledger.release(KEY, 1n)
  else ledger.settle(KEY)
  return 0n
}

function inFile(ledger: Ledger) {
  const row = ledger.database.prepare('SELECT owed, paid, slices FROM accounts').get()
  return {
    owed: BigInt(String(row?.['owed'] ?? 0)),
    paid: BigInt(String(row?.['paid'] ?? 0)),
    slices: Number(row?.['slices'] ?? 0),
  }
}

function freshLedger(): Ledger {
  const ledger = new Ledger(':memory:')
  ledger.recordOpen(ID, DESCRIPTOR, STANDING)
  return ledger
}

describe('ledger', () => {
  it('gives no more than the credit, in whatever order slices are reserved, released and paid', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('reserve', 'release', 'pay'), { maxLength: 60 }), (steps) => {
        const ledger = freshLedger()
        let [reserved, ticks] = [0, 0]
        for (const step of steps) {
          if (step === 'reserve' && ledger.reserve(KEY, 1n, 4n)) reserved += 1
          if (step === 'release' && reserved > ticks) {
            ledger.release(KEY, 1n)
            reserved -= 1
          }
          if (step === 'pay' && ticks < reserved) ledger.accept(payment((ticks += 1)), KEY)
          const { owed, paid, slices } = ledger.account(KEY)
          assert.deepEqual([owed, paid, slices], [BigInt(reserved), BigInt(ticks), reserved])
          assert.ok(owed - paid <= 4n)
        }
        ledger.close()
      }),
    )
  })

  it('owes in its file what was reserved and at most what more was asked for within the credit, and no more once settled', () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 60 }), (steps) => {
        const ledger = freshLedger()
        let more = 0n
        for (const [at, step] of steps.entries()) {
          more = take(ledger, step, at, more)
          const [now, file] = [ledger.account(KEY), inFile(ledger)]
          const ahead = file.owed - now.owed
          assert.equal(file.paid, now.paid)
          assert.ok(ahead >= 0n && ahead <= more && file.owed - file.paid <= CREDIT, `${ahead} of ${more}`)
          assert.ok(file.slices >= now.slices && file.slices <= now.slices + 7)
        }
        ledger.settle(KEY)
        assert.deepEqual(inFile(ledger), ledger.account(KEY))
        ledger.close()
      }),
    )
  })

  it('refuses a payment without touching what was accepted', () => {
    const ledger = freshLedger()
    ledger.accept(payment(3), KEY)
    const before = ledger.channel(ID)
    assert.throws(
      () => ledger.accept({ ...payment(9), tick: word(5) }, KEY),
      (error) => isSluiceError(error, 'TICK_INVALID'),
    )
    assert.throws(
      () => ledger.accept({ ...payment(3), channelId: word(2) }, KEY),
      (error) => isSluiceError(error, 'CHANNEL_UNKNOWN'),
    )
    assert.deepEqual(ledger.channel(ID), before)
    assert.equal(ledger.account(KEY).paid, 3n)
  })

  it('keeps what was accepted when the chain’s word on a channel changes', () => {
    const ledger = freshLedger()
    ledger.accept(payment(3), KEY)
    ledger.recordOpen(ID, DESCRIPTOR, { ...STANDING, deposit: 2000n })
    assert.equal(ledger.recordClaim(ID, { claimed: 2n, txHash: word(4), at: 5 }), 2n)
    assert.equal(ledger.recordClaim(ID, { claimed: 2n, txHash: word(4), at: 5 }), 0n)
    ledger.recordClosing(ID, 77n)
    const channel = ledger.channel(ID)
    assert.ok(channel)
    assert.deepEqual([channel.deposit, channel.claimed, channel.closesAt], [2000n, 2n, 77n])
    assert.equal(paidTotal(channel), 3n)
    assert.equal(ledger.claims().length, 1)
    assert.deepEqual(ledger.earnings(), [{ root: 'bafyroot', token: zeroAddress, slices: 0, earned: 3n }])
  })

  it('gives no more bytes on a grant than it allows', () => {
    const ledger = freshLedger()
    assert.ok(ledger.reserveGrant(ID, 60, 100n))
    assert.equal(ledger.reserveGrant(ID, 60, 100n), false)
    ledger.releaseGrant(ID, 60)
    assert.ok(ledger.reserveGrant(ID, 100, 100n))
  })

  it('forgets no account of which the file is ahead, however many come after it', () => {
    const ledger = new Ledger(':memory:')
    assert.ok(ledger.reserve(KEY, 1n, CREDIT, 5))
    for (let other = 0; other < 1100; other += 1) assert.ok(ledger.reserve({ ...KEY, root: `${other}` }, 1n, CREDIT))
    assert.deepEqual(ledger.account(KEY), { owed: 1n, paid: 0n, slices: 1 })
    // As where the disk is full: nothing that is not written is given on credit, and what was stays known.
    ledger.database.exec('PRAGMA query_only = TRUE')
    assert.throws(() => ledger.reserve({ ...KEY, root: 'refused' }, 1n, CREDIT))
    assert.deepEqual(ledger.account({ ...KEY, root: 'refused' }), { owed: 0n, paid: 0n, slices: 0 })
    assert.deepEqual(ledger.account(KEY), { owed: 1n, paid: 0n, slices: 1 })
    assert.throws(() => ledger.close())
    assert.throws(() => ledger.database.exec('SELECT 1'), /not open/)
  })

  it('has exactly what was reserved when it is opened again', () => {
    const path = join(directory, 'closed.db')
    const before = new Ledger(path)
    assert.ok(before.reserve(KEY, 1n, CREDIT, 5))
    before.close()
    const ledger = new Ledger(path)
    assert.deepEqual(ledger.account(KEY), { owed: 1n, paid: 0n, slices: 1 })
    ledger.close()
  })

  it('has after kill -9 in mid-stream what it acknowledged, and at most the credit unpaid', async () => {
    const path = join(directory, 'killed.db')
    const credit = 4n
    const acknowledged = await killAfter(path, 25)
    const ledger = new Ledger(path)
    const channel = ledger.channel(ID)
    assert.ok(channel)
    const { owed, paid } = ledger.account(KEY)
    assert.ok(acknowledged >= 25)
    assert.ok(paidTotal(channel) >= BigInt(acknowledged), `${paidTotal(channel)} of ${acknowledged}`)
    assert.equal(paid, paidTotal(channel))
    assert.ok(owed - paid <= credit)
    ledger.close()
  })
})

describe('payer ledger', () => {
  it('reads back what it saved, and writes nothing when a change is refused', async () => {
    const ledger = new Ledger(':memory:')
    const payer = createPayerLedger(ledger.database)
    const channel = {
      channelId: ID,
      descriptor: DESCRIPTOR,
      deposit: 10n,
      state: 'open' as const,
      deadline: 99n,
      peerId: 'peer',
      voucher: { cumulative: 1n, seed: word(3), tickRoot: word(4), tickValue: 2n, maxTicks: 5, ticks: 1 },
    }
    await payer.save(channel)
    assert.deepEqual(await payer.get(ID), channel)
    const query = { payer: DESCRIPTOR.payer, payee: DESCRIPTOR.payee, token: zeroAddress, session: DESCRIPTOR.session }
    assert.deepEqual(await payer.find(query), [channel])
    assert.deepEqual(await payer.find({ ...query, session: { qx: ID, qy: word(2) } }), [])
    await assert.rejects(
      payer.update(ID, () => {
        throw new Error('refused')
      }),
    )
    assert.deepEqual(await payer.list(), [channel])
    await payer.setLost(DESCRIPTOR.payee, 'root', 7n)
    assert.equal(await payer.lost(DESCRIPTOR.payee, 'root'), 7n)
    ledger.close()
  })
})

/** Runs a seeder's ledger in another process and kills it once it has acknowledged `count` payments. */
async function killAfter(path: string, count: number): Promise<number> {
  const child = fork(new URL('../testing/serve-until-killed.ts', import.meta.url), [path])
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let acknowledged = 0
  child.on('message', (total: number) => {
    acknowledged = total
    if (acknowledged >= count) child.kill('SIGKILL')
  })
  child.on('exit', (_code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error('the child ended'))))
  await promise
  return acknowledged
}
