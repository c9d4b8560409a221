import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { bytesToHex, zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import {
  acceptIntent,
  acceptPayment,
  acceptTick,
  acceptTopUp,
  acceptVoucher,
  bestClaim,
  channelId,
  claimable,
  CLOSED_AT,
  createBudget,
  createTickChain,
  decideClaim,
  DEFAULT_CLAIM_POLICY,
  needsVoucher,
  paidSourceLimit,
  paidTotal,
  promisedTotal,
  revealTicks,
  startVoucher,
  ticksFor,
} from './index.ts'
import type { PayeeChannel, PayerChannel, TickChain } from './index.ts'

const word = (value: number): Hex => `0x${value.toString(16).padStart(64, '0')}`
const ID = word(1)
const SIGNATURE = { r: word(1), s: word(1) }
const SEED = bytesToHex(new Uint8Array(32).fill(9))
const PAYEE = `0x${'22'.repeat(20)}` as const
const PAYER = `0x${'11'.repeat(20)}` as const

const fresh = (deposit: bigint): PayeeChannel => ({ channelId: ID, deposit, claimed: 0n, closesAt: 0n })
const voucher = (chain: TickChain, cumulative: bigint, tickValue = 1n) => ({
  channelId: ID,
  cumulative,
  tickRoot: chain.root,
  tickValue,
  maxTicks: chain.length,
})
const refuses = (code: ErrorCode, action: () => unknown): void =>
  assert.throws(action, (error) => isSluiceError(error, code))

describe('payee', () => {
  it('never lets what is paid fall, nor pass the deposit, whatever comes in', () => {
    const chains = [SEED, word(77), word(78)].map((seed) => createTickChain(seed, 40))
    const step = fc.record({
      chain: fc.nat({ max: 2 }),
      cumulative: fc.option(fc.bigInt({ min: 0n, max: 120n })),
      claimed: fc.boolean(),
      ticks: fc.nat({ max: 45 }),
      wrong: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.bigInt({ min: 1n, max: 150n }), (steps, deposit) => {
        let channel = fresh(deposit)
        for (const { chain: at, cumulative, claimed, ticks, wrong } of steps) {
          const before = paidTotal(channel)
          const chain = chains[at]
          assert.ok(chain)
          const tick = wrong || ticks > chain.length ? word(ticks) : chain.tick(ticks)
          const signed =
            cumulative === null ? {} : { signed: { voucher: voucher(chain, cumulative), signature: SIGNATURE } }
          try {
            const result = acceptPayment(channel, { channelId: ID, ...signed, tick, ticks })
            assert.equal(result.added, paidTotal(result.channel) - before)
            channel = result.channel
          } catch (error) {
            assert.ok(isSluiceError(error))
          }
          if (claimed) channel = { ...channel, claimed: channel.claimed + claimable(channel) }
          assert.ok(paidTotal(channel) >= before)
          assert.ok(paidTotal(channel) <= deposit)
          assert.ok(claimable(channel) >= 0n && channel.claimed + claimable(channel) <= deposit)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('adds nothing for the same voucher, and refuses the same tick, a second time', () => {
    const chain = createTickChain(SEED, 10)
    const signed = { voucher: voucher(chain, 5n), signature: SIGNATURE }
    const first = acceptPayment(fresh(100n), { channelId: ID, signed, tick: chain.tick(3), ticks: 3 })
    assert.equal(first.added, 8n)
    const again = acceptPayment(first.channel, { channelId: ID, signed, tick: chain.root, ticks: 0 })
    assert.deepEqual(again, { channel: first.channel, added: 0n })
    refuses('TICK_REPLAYED', () => acceptTick(first.channel, chain.tick(3), 3))
    refuses('TICK_REPLAYED', () => acceptTick(first.channel, chain.tick(2), 2))
  })

  it('refuses each thing that is wrong with its own code', () => {
    const chain = createTickChain(SEED, 10)
    const channel = acceptTick(acceptVoucher(fresh(10n), voucher(chain, 2n), SIGNATURE), chain.tick(4), 4)
    refuses('VOUCHER_STALE', () => acceptVoucher(channel, voucher(createTickChain(word(3), 2), 5n), SIGNATURE))
    refuses('VOUCHER_ABOVE_DEPOSIT', () => acceptVoucher(channel, voucher(createTickChain(word(3), 2), 11n), SIGNATURE))
    refuses('VOUCHER_ABOVE_DEPOSIT', () => acceptTick(channel, chain.tick(9), 9))
    refuses('TICK_INVALID', () => acceptTick(channel, chain.tick(6), 5))
    refuses('TICK_INVALID', () => acceptTick(channel, word(0), 11))
    refuses('CHANNEL_UNKNOWN', () => acceptVoucher(channel, { ...voucher(chain, 9n), channelId: word(2) }, SIGNATURE))
    refuses('CHANNEL_CLOSING', () => acceptTick({ ...channel, closesAt: 5n }, chain.tick(5), 5))
    refuses('VOUCHER_STALE', () => acceptTick(fresh(10n), chain.tick(1), 1))
  })

  it('refuses a voucher that the contract could not read, though no tick of it is shown', () => {
    const chain = createTickChain(SEED, 1)
    const paid = acceptTick(acceptVoucher(fresh(10n), voucher(chain, 2n), SIGNATURE), chain.tick(1), 1)
    refuses('TICK_INVALID', () => acceptVoucher(paid, voucher(chain, 3n, 2n ** 96n), SIGNATURE))
    assert.equal(bestClaim(paid)?.voucher.cumulative, 2n)
  })

  it('claims the last voucher with its furthest tick, and nothing once it is paid', () => {
    const chain = createTickChain(SEED, 10)
    const channel = acceptTick(acceptVoucher(fresh(10n), voucher(chain, 2n), SIGNATURE), chain.tick(4), 4)
    assert.equal(bestClaim(channel)?.ticks, 4)
    assert.equal(bestClaim({ ...channel, claimed: 6n }), undefined)
  })
})

describe('payer', () => {
  const open = (deposit: bigint): PayerChannel => ({
    channelId: ID,
    descriptor: { payer: PAYER, payee: PAYEE, token: zeroAddress, session: { qx: ID, qy: ID }, salt: ID },
    deposit,
    state: 'open',
    deadline: 0n,
  })

  it('promises exactly what it pays across vouchers, and the payee agrees at every step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }),
        fc.bigInt({ min: 1n, max: 5n }),
        (counts, price) => {
          let payer = open(1000n)
          let payee = fresh(1000n)
          let [spent, seeds] = [0n, 100]
          for (const count of counts) {
            const next = needsVoucher(payer, price, count)
            if (next) {
              const seed = word((seeds += 1))
              payer = startVoucher(payer, { seed, ...pick(createTickChain(seed, 20)) }, price)
            }
            if (promisedTotal(payer) + BigInt(count) * price > 1000n) {
              refuses('VOUCHER_ABOVE_DEPOSIT', () => revealTicks(payer, count))
              return
            }
            payer = revealTicks(payer, count)
            spent += BigInt(count) * price
            assert.equal(promisedTotal(payer), spent)
            assert.ok(payer.voucher)
            const { seed, ticks, maxTicks, ...rest } = payer.voucher
            const chain = createTickChain(seed, maxTicks)
            const { cumulative, tickRoot, tickValue } = rest
            const signed = {
              voucher: { channelId: ID, cumulative, tickRoot, tickValue, maxTicks },
              signature: SIGNATURE,
            }
            const result = acceptPayment(payee, {
              channelId: ID,
              ...(next ? { signed } : {}),
              tick: chain.tick(ticks),
              ticks,
            })
            assert.equal(result.added, BigInt(count) * price)
            payee = result.channel
          }
        },
      ),
    )
  })

  it('makes a voucher no longer than the deposit lasts, nor than the contract allows', () => {
    assert.equal(ticksFor(100n, 7n), 14)
    assert.equal(ticksFor(10n ** 18n, 1n), 1024)
    refuses('VOUCHER_ABOVE_DEPOSIT', () => ticksFor(6n, 7n))
  })
})

describe('intent', () => {
  const policy = {
    payee: PAYEE,
    token: zeroAddress,
    minChannel: 100n,
    minChallenge: 600,
    minDeadline: 60n,
  }
  const intent = {
    payer: PAYER,
    payee: PAYEE,
    token: zeroAddress,
    amount: 100n,
    challenge: 600,
    session: { qx: ID, qy: ID },
    salt: ID,
    deadline: 1060n,
  }

  it('is accepted exactly at every minimum', () => {
    acceptIntent(intent, policy, 1000n)
    acceptTopUp({ channelId: ID, newDeposit: 150n, deadline: 1060n }, 50n, policy, 1000n)
  })

  it('is refused with the condition it misses', () => {
    const cases = [
      [{ ...intent, payee: PAYER }, 'payee'],
      [{ ...intent, token: PAYER }, 'token'],
      [{ ...intent, amount: 99n }, 'amount'],
      [{ ...intent, amount: 2n ** 96n }, 'amount'],
      [{ ...intent, challenge: 599 }, 'challenge'],
      [{ ...intent, deadline: 1059n }, 'deadline'],
      [{ ...intent, deadline: 4601n }, 'deadline'],
    ] as const
    for (const [value, field] of cases) {
      assert.throws(
        () => acceptIntent(value, policy, 1000n),
        (error) => isSluiceError(error, 'INTENT_REFUSED') && error.details['field'] === field,
      )
    }
    refuses('INTENT_REFUSED', () =>
      acceptTopUp({ channelId: ID, newDeposit: 149n, deadline: 1060n }, 50n, policy, 1000n),
    )
  })
})

describe('claim policy', () => {
  const market = { gasPrice: 10n, rate: { wei: 1n, unit: 1n } }
  const channel = (paid: bigint, closesAt = 0n): PayeeChannel => ({
    ...acceptVoucher(fresh(10n ** 12n), voucher(createTickChain(SEED, 1), paid), SIGNATURE),
    closesAt,
  })

  it('claims what is worth several times its gas, and less when the payer is leaving', () => {
    const gas = DEFAULT_CLAIM_POLICY.gasPerClaim * 10n
    assert.equal(decideClaim(channel(gas * 5n), DEFAULT_CLAIM_POLICY, market).claim, true)
    assert.equal(decideClaim(channel(gas * 5n - 1n), DEFAULT_CLAIM_POLICY, market).claim, false)
    assert.equal(decideClaim(channel(gas, 99n), DEFAULT_CLAIM_POLICY, market).claim, true)
    assert.equal(decideClaim(channel(gas, CLOSED_AT), DEFAULT_CLAIM_POLICY, market).claim, false)
  })
})

describe('channel', () => {
  it('has the id that the contract computes', () => {
    type Vector = Record<'contract' | 'payer' | 'payee' | 'token' | 'qx' | 'qy' | 'salt' | 'channelId', Hex>
    const file = new URL('../../../test/vectors/channel-ids.json', import.meta.url)
    const vectors: (Vector & { chainId: number })[] = JSON.parse(readFileSync(file, 'utf8'))
    for (const { chainId, contract, qx, qy, channelId: expected, ...descriptor } of vectors) {
      const domain = { chainId, channels: contract }
      assert.equal(channelId(domain, { ...descriptor, session: { qx, qy } }), expected)
    }
  })

  it('has an id that every part of its descriptor changes', () => {
    const domain = { chainId: 1, channels: PAYEE }
    const base = { payer: PAYER, payee: PAYEE, token: zeroAddress, session: { qx: ID, qy: ID }, salt: ID }
    const ids = new Set([
      channelId(domain, base),
      channelId({ ...domain, chainId: 2 }, base),
      channelId(domain, { ...base, payer: PAYEE }),
      channelId(domain, { ...base, token: PAYEE }),
      channelId(domain, { ...base, session: { qx: ID, qy: word(2) } }),
      channelId(domain, { ...base, salt: word(2) }),
    ])
    assert.equal(ids.size, 6)
  })

  it('pays one source for a small content and more for a large one', () => {
    assert.equal(paidSourceLimit(50n, 100n), 1)
    assert.equal(paidSourceLimit(350n, 100n), 3)
  })

  it('knows what of the budget may come back, and tells a bounded number of listeners when some does', () => {
    const budget = createBudget(10n)
    let given = 0
    const leave = budget.onGiven(() => (given += 1))
    budget.take(7n)
    budget.spend(2n)
    assert.deepEqual([budget.taken, budget.outstanding, given], [7n, 5n, 0])
    budget.give(0n)
    budget.give(4n)
    assert.deepEqual([budget.taken, budget.outstanding, given], [3n, 1n, 1])
    leave()
    budget.give(1n)
    assert.equal(given, 1)
    for (let count = 0; count < 16; count += 1) budget.onGiven(() => undefined)
    assert.throws(
      () => budget.onGiven(() => undefined),
      (error) => isSluiceError(error, 'INTERNAL'),
    )
  })

  it('spends no more than the budget', () => {
    const budget = createBudget(10n)
    assert.ok(budget.take(7n))
    assert.equal(budget.take(4n), false)
    budget.give(2n)
    assert.ok(budget.take(5n))
    assert.equal(budget.taken, 10n)
  })
})

function pick({ root, length }: TickChain): { root: Hex; length: number } {
  return { root, length }
}
