import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { collect, elapse, fakeSource, pacedSource, pass } from '../../../test/exchange/sources.ts'
import { createBudget } from '../channel/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import { createSwarm } from './swarm.ts'

describe('swarm that pays', () => {
  it('buys elsewhere what a silent source held, once what was set aside for it is given back', async (test) => {
    test.mock.timers.enable({ apis: ['Date', 'setInterval'] })
    const budget = createBudget(3n)
    let refused = 0
    const take = (amount: bigint): boolean => {
      const taken = budget.take(amount)
      refused += Number(!taken)
      return taken
    }
    const silent = fakeSource({ peerId: 'silent', silent: true, price: 1n, budget })
    const swarm = createSwarm({ mode: 'download', sliceCount: 3, sources: [silent] })
    swarm.complete()
    const fetched = Promise.all([0, 1, 2].map((index) => swarm.fetchSlice(index)))
    assert.deepEqual(silent.fetched, [0, 1, 2])
    const honest = fakeSource({ price: 1n, budget: { ...budget, take } })
    swarm.add(honest)
    test.mock.timers.tick(1000)
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate)
    assert.deepEqual([refused, honest.fetched], [3, []])
    silent.leave(new SluiceError('TIMEOUT', 'The source stalls.'))
    await fetched
    assert.deepEqual(honest.fetched, [0, 1, 2])
    assert.equal(budget.taken, 3n)
    await swarm.close()
  })

  it('pays no second source of a small content while the first one’s channel is being opened', (test) => {
    test.mock.timers.enable({ apis: ['Date', 'setInterval'] })
    const paid = { price: 1n, minChannel: 100n }
    const [opening, other] = [fakeSource({ ...paid, silent: true }), fakeSource(paid)]
    const swarm = createSwarm({ mode: 'download', sliceCount: 3, sources: [opening] })
    const fetched = swarm.fetchSlice(0)
    swarm.add(other)
    test.mock.timers.tick(10_000)
    assert.deepEqual([opening.fetched, other.fetched], [[0], []])
    fetched.catch(() => undefined)
    return swarm.close()
  })

  it('pays a second source of a small content once the first has fallen silent for good', async (test) => {
    test.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
    const paid = { price: 1n, minChannel: 100n }
    const sources = [pacedSource(5, { after: 5, to: 'silent' }, paid), fakeSource(paid)]
    const swarm = createSwarm({ mode: 'download', sliceCount: 10, sources })
    const collected = collect(swarm.slices({ first: 0, last: 9 }))
    const elapsed = await elapse(test, collected)
    assert.equal((await collected).length, 10)
    assert.ok(elapsed >= 2000 && elapsed < 2500, `${elapsed}`)
    await swarm.close()
  })

  it('ends when the budget is used up, having bought no more than it pays for', async () => {
    const budget = createBudget(5n)
    const sources = [fakeSource({ price: 1n, budget }), fakeSource({ price: 1n, budget })]
    const swarm = createSwarm({ mode: 'download', sliceCount: 20, sources })
    swarm.complete()
    await assert.rejects(collect(swarm.slices({ first: 0, last: 19 })), (error) =>
      isSluiceError(error, 'INSUFFICIENT_FUNDS'),
    )
    assert.equal(sources.flatMap((source) => source.fetched).length, 5)
    await swarm.close()
  })

  describe('whose budget is set aside for a slice', () => {
    const usedUp = (error: unknown): boolean => isSluiceError(error, 'INSUFFICIENT_FUNDS')

    /** A swarm that knows all its sources: one holds slice 0 for the whole budget, and slice 1 is asked for. */
    function poorSwarm(test: TestContext) {
      test.mock.timers.enable({ apis: ['Date', 'setInterval'] })
      const budget = createBudget(1n)
      const holder = fakeSource({ peerId: 'holder', silent: true, price: 1n, budget, has: (index) => index === 0 })
      const other = fakeSource({ peerId: 'other', price: 1n, budget, has: (index) => index === 1 })
      const swarm = createSwarm({ mode: 'stream', sliceCount: 2, sources: [holder, other], budget })
      swarm.complete()
      const reader = new AbortController()
      const held = swarm.fetchSlice(0, reader).catch((error: unknown) => error)
      return { budget, holder, other, swarm, reader, held, wanted: swarm.fetchSlice(1) }
    }

    it('waits as long as the slice may come, and asks for the next when the price comes back', async (test) => {
      const { budget, other, swarm, reader, held, wanted } = poorSwarm(test)
      const settled = test.mock.fn()
      wanted.then(settled, settled)
      await pass(test, 60_000)
      reader.abort()
      await held
      await pass(test, 10_000)
      assert.deepEqual([settled.mock.callCount(), other.fetched], [0, []])
      // The connection learns that what was taken back does not come.
      budget.give(1n)
      assert.deepEqual(await wanted, Uint8Array.of(1))
      assert.deepEqual([budget.taken, budget.outstanding], [1n, 0n])
      await swarm.close()
    })

    it('says that it is used up once the slice has come', async (test) => {
      const { budget, swarm, held, wanted } = poorSwarm(test)
      await pass(test, 60_000)
      budget.spend(1n)
      const refused = assert.rejects(wanted, usedUp)
      await pass(test, 100)
      await refused
      await swarm.close()
      await held
    })

    it('waits no longer than fifteen seconds for what was taken back and is not heard of again', async (test) => {
      const { swarm, reader, held, wanted } = poorSwarm(test)
      reader.abort()
      await held
      const settled = test.mock.fn()
      wanted.catch(settled)
      await pass(test, 14_900)
      assert.equal(settled.mock.callCount(), 0)
      await pass(test, 200)
      await assert.rejects(wanted, usedUp)
      await swarm.close()
    })

    it('does not ask a source over and over whose channel is used up', async (test) => {
      test.mock.timers.enable({ apis: ['Date', 'setInterval'] })
      const budget = createBudget(10n)
      const source = fakeSource({ price: 1n })
      const fetch = test.mock.fn(() => {
        budget.take(1n)
        budget.give(1n)
        return Promise.reject(new SluiceError('INSUFFICIENT_FUNDS', 'The deposit is used up.'))
      })
      const swarm = createSwarm({ mode: 'stream', sliceCount: 2, sources: [{ ...source, fetch }], budget })
      swarm.complete()
      await assert.rejects(swarm.fetchSlice(0), usedUp)
      assert.equal(fetch.mock.callCount(), 1)
      await swarm.close()
    })
  })
})
