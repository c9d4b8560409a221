import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { zeroAddress } from 'viem'
import { budgetUsedUp, createBudget } from '../channel/index.ts'
import type { Budget } from '../channel/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { createSwarm } from './swarm.ts'
import type { Source } from './source.ts'
import type { SourceReport } from './swarm-types.ts'

type FakeOptions = {
  peerId?: string
  has?: (index: number) => boolean
  fail?: ErrorCode
  at?: number
  silent?: boolean
  price?: bigint
  minChannel?: bigint
  budget?: Budget
  identity?: string
}

/** A source that answers at once, fails from a slice on, or never answers. */
function fakeSource(options: FakeOptions = {}): Source & { fetched: number[]; leave: (error: SluiceError) => void } {
  const { promise: closed, resolve } = Promise.withResolvers<SluiceError | undefined>()
  const fetched: number[] = []
  const price = options.price ?? 0n
  const leave = (error: SluiceError): void => {
    options.budget?.give(price * BigInt(fetched.length))
    resolve(error)
  }
  return {
    fetched,
    leave,
    peerId: options.peerId ?? 'peer',
    ...(options.identity !== undefined && { identity: options.identity }),
    price,
    hasChannel: false,
    terms: {
      type: 'terms',
      termsId: 1,
      price,
      token: zeroAddress,
      payee: zeroAddress,
      credit: 0n,
      minChannel: options.minChannel ?? 0n,
      challenge: 0,
      expiry: 0n,
      sliceCount: 100,
      has: new Uint8Array(13),
      owed: 0n,
      signature: new Uint8Array(64),
    },
    has: options.has ?? (() => true),
    fetch: async (index, { signal } = {}) => {
      if (options.budget?.take(price) === false) throw budgetUsedUp(options.budget)
      fetched.push(index)
      if (options.silent)
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new SluiceError('ABORTED', ''))),
        )
      await new Promise(setImmediate)
      if (options.fail && index >= (options.at ?? 0)) throw new SluiceError(options.fail, 'fails')
      options.budget?.spend(price)
      return Uint8Array.of(index)
    },
    paid: () => 0n,
    delivered: () => fetched.length,
    closed,
    close: async () => resolve(undefined),
  }
}

/** A source that sends one slice after the other, each in `sliceMs`, until it turns after so many. */
function pacedSource(
  sliceMs: number,
  turn?: { after: number; to: 'slow' | 'silent' | 'corrupt' },
  options?: FakeOptions,
) {
  const source = fakeSource(options)
  let tail = Promise.resolve()
  const send = async (count: number): Promise<void> => {
    const fault = turn !== undefined && count > turn.after ? turn.to : undefined
    if (fault === 'silent') return new Promise(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, fault === 'slow' ? 50 * sliceMs : sliceMs))
    if (fault === 'corrupt') throw new SluiceError('SLICE_CORRUPT', 'damaged')
  }
  const fetch: Source['fetch'] = async (index, { signal } = {}) => {
    const count = source.fetched.push(index)
    const sent = tail.then(() => (signal?.aborted === true ? undefined : send(count)))
    tail = sent.catch(() => undefined)
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener('abort', () => reject(new SluiceError('ABORTED', ''))),
    )
    await Promise.race([sent, aborted])
    return Uint8Array.of(index)
  }
  return { ...source, fetch }
}

/** Lets mocked time pass until the work is done; returns the milliseconds that it took. */
async function elapse({ mock }: TestContext, work: Promise<unknown>): Promise<number> {
  const state = { done: false }
  void work.then(() => (state.done = true))
  let elapsed = 0
  for (; !state.done && elapsed < 60_000; elapsed += 5) {
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate)
    mock.timers.tick(5)
  }
  return elapsed
}

/** Lets so much mocked time pass, and what it sets off happen. */
async function pass({ mock }: TestContext, milliseconds: number): Promise<void> {
  for (let elapsed = 0; elapsed < milliseconds; elapsed += 100) {
    await new Promise(setImmediate)
    mock.timers.tick(Math.min(100, milliseconds - elapsed))
  }
  for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate)
}

async function collect(slices: AsyncIterable<{ index: number; bytes: Uint8Array }>): Promise<number[]> {
  const indices: number[] = []
  for await (const { index, bytes } of slices) {
    assert.equal(bytes[0], index & 0xff)
    indices.push(index)
  }
  return indices
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at)

describe('swarm', () => {
  it('streams in order from several sources, skipping what is here', async () => {
    const sources = [fakeSource(), fakeSource(), fakeSource()]
    const swarm = createSwarm({ mode: 'stream', sliceCount: 100, sources, have: (index) => index % 10 === 0 })
    const indices = await collect(swarm.slices({ first: 0, last: 99 }))
    assert.deepEqual(
      indices,
      range(0, 99).filter((index) => index % 10 !== 0),
    )
    assert.ok(sources.every(({ fetched }) => fetched.length > 0))
    await swarm.close()
  })

  it('downloads every slice once though each source holds only some', async () => {
    const sources = [0, 1].map((parity) => fakeSource({ has: (index) => index % 2 === parity }))
    const swarm = createSwarm({ mode: 'download', sliceCount: 50, sources })
    const indices = await collect(swarm.slices({ first: 0, last: 49 }))
    assert.deepEqual(
      indices.sort((a, b) => a - b),
      range(0, 49),
    )
    assert.equal(sources.flatMap(({ fetched }) => fetched).length, 50)
    await swarm.close()
  })

  it('drops and reports a source that serves a wrong slice, and fetches from the others', async () => {
    const reports: SourceReport[] = []
    const sources = [fakeSource({ peerId: 'liar', fail: 'SLICE_CORRUPT', at: 5 }), fakeSource({ peerId: 'honest' })]
    const swarm = createSwarm({ mode: 'stream', sliceCount: 40, sources, onReport: (report) => reports.push(report) })
    assert.deepEqual(await collect(swarm.slices({ first: 0, last: 39 })), range(0, 39))
    assert.deepEqual(
      reports.map(({ peerId, error }) => [peerId, error.code]),
      [['liar', 'SLICE_CORRUPT']],
    )
    await swarm.close()
  })

  it('goes on with a source that joins late', async () => {
    const swarm = createSwarm({ mode: 'stream', sliceCount: 3 })
    const fetched = swarm.fetchSlice(2)
    swarm.add(fakeSource())
    assert.deepEqual(await fetched, Uint8Array.of(2))
    await swarm.close()
  })

  it('asks another source for what a silent one keeps back', async () => {
    const silent = fakeSource({ peerId: 'silent', silent: true })
    const swarm = createSwarm({ mode: 'stream', sliceCount: 3, sources: [silent], limits: { hedgeAfterMs: 10 } })
    const fetched = swarm.fetchSlice(1)
    swarm.add(fakeSource())
    assert.deepEqual(await fetched, Uint8Array.of(1))
    assert.deepEqual(silent.fetched, [1])
    await swarm.close()
  })

  it('waits less for the last slices, when there is nothing else to do', async (test) => {
    test.mock.timers.enable({ apis: ['Date', 'setInterval'] })
    const silent = fakeSource({ peerId: 'silent', silent: true })
    const limits = { hedgeAfterMs: 2000 }
    const middle = createSwarm({ mode: 'download', sliceCount: 100, sources: [silent], limits })
    const end = createSwarm({ mode: 'download', sliceCount: 1, sources: [silent], limits })
    const [other, another] = [fakeSource(), fakeSource()]
    const early = middle.fetchSlice(0)
    const late = end.fetchSlice(0)
    middle.add(other)
    end.add(another)
    test.mock.timers.tick(1000)
    assert.deepEqual([other.fetched, another.fetched], [[], [0]])
    await late
    test.mock.timers.tick(1000)
    await early
    await Promise.all([middle.close(), end.close()])
  })

  it('says what is wrong when nobody is left', async () => {
    const code = (expected: ErrorCode) => (error: unknown) => isSluiceError(error, expected)
    const without = createSwarm({ mode: 'stream', sliceCount: 3, sources: [fakeSource({ has: () => false })] })
    without.complete()
    await assert.rejects(without.fetchSlice(0), code('SLICE_MISSING'))
    const empty = createSwarm({ mode: 'stream', sliceCount: 3 })
    empty.complete()
    await assert.rejects(empty.fetchSlice(0), code('NO_PROVIDERS'))
    const broke = createSwarm({ mode: 'stream', sliceCount: 3, sources: [fakeSource({ fail: 'INSUFFICIENT_FUNDS' })] })
    broke.complete()
    await assert.rejects(broke.fetchSlice(0), code('INSUFFICIENT_FUNDS'))
    await Promise.all([without.close(), empty.close(), broke.close()])
  })

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

  describe('with two ways to one peer', () => {
    const both = (options: FakeOptions = {}) => {
      const ways = [fakeSource({ ...options, identity: 'one' }), fakeSource({ identity: 'one' })] as const
      const swarm = createSwarm({ mode: 'download', sliceCount: 40, sources: [...ways] })
      swarm.complete()
      return { ways, swarm }
    }

    it('takes one of them, and the other when that is gone', async () => {
      const { ways, swarm } = both()
      await collect(swarm.slices({ first: 0, last: 19 }))
      assert.deepEqual(ways[1].fetched, [])
      ways[0].leave(new SluiceError('NODE_UNREACHABLE', 'gone'))
      await ways[0].closed
      await collect(swarm.slices({ first: 20, last: 39 }))
      assert.deepEqual([ways[0].fetched.length, ways[1].fetched.length], [20, 20])
      await swarm.close()
    })

    it('takes the other too while the first is silent', async (test) => {
      test.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
      const first = pacedSource(5, { after: 5, to: 'silent' }, { identity: 'one' })
      const second = fakeSource({ identity: 'one' })
      const swarm = createSwarm({ mode: 'download', sliceCount: 10, sources: [first, second] })
      const collected = collect(swarm.slices({ first: 0, last: 9 }))
      await elapse(test, collected)
      assert.equal((await collected).length, 10)
      await swarm.close()
    })

    it('asks the other once for what the first denies, and for nothing else', async () => {
      const { ways, swarm } = both({ fail: 'SLICE_MISSING', at: 1 })
      assert.deepEqual(await swarm.fetchSlice(0), Uint8Array.of(0))
      assert.deepEqual(await swarm.fetchSlice(1), Uint8Array.of(1))
      assert.deepEqual([ways[0].fetched, ways[1].fetched], [[0, 1], [1]])
      await swarm.close()
    })

    it('gives up what both deny, each asked once', async () => {
      const ways = [1, 2].map(() => fakeSource({ fail: 'SLICE_MISSING', identity: 'one' }))
      const swarm = createSwarm({ mode: 'download', sliceCount: 40, sources: ways })
      swarm.complete()
      await assert.rejects(swarm.fetchSlice(0), (error) => isSluiceError(error, 'SLICE_MISSING'))
      assert.deepEqual(
        ways.map(({ fetched }) => fetched),
        [[0], [0]],
      )
      await swarm.close()
    })

    it('is not kept from the other by one that never answers', async (test) => {
      test.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
      const paid = { identity: 'one', price: 5n, minChannel: 1_000_000n }
      const [first, second] = [fakeSource({ ...paid, silent: true }), fakeSource(paid)]
      const swarm = createSwarm({ mode: 'download', sliceCount: 10, sources: [first, second] })
      const took = await elapse(test, collect(swarm.slices({ first: 0, last: 9 })))
      assert.ok(took < 3000, `${took} ms`)
      await swarm.close()
    })

    it('is not held up by one that trickles', async (test) => {
      test.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
      const paid = { identity: 'one', price: 5n, minChannel: 1_000_000n }
      const [first, second] = [pacedSource(1500, undefined, paid), pacedSource(5, undefined, paid)]
      const swarm = createSwarm({ mode: 'download', sliceCount: 200, sources: [first, second] })
      const took = await elapse(test, collect(swarm.slices({ first: 0, last: 199 })))
      assert.ok(took < 8000, `${took} ms`)
      assert.ok(first.fetched.length < 20, `${first.fetched.length} slices`)
      await swarm.close()
    })
  })

  it('has nearly all from the fast one of two sources, and is not held up by the slow one at the end', async (test) => {
    test.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
    const sources = [pacedSource(5), pacedSource(400)]
    const swarm = createSwarm({ mode: 'download', sliceCount: 400, sources })
    swarm.complete()
    const collected = collect(swarm.slices({ first: 0, last: 399 }))
    const elapsed = await elapse(test, collected)
    assert.equal((await collected).length, 400)
    assert.ok(elapsed < 2300, `${elapsed} ms`)
    const [fast, slow] = sources.map(({ fetched }) => fetched.length)
    assert.ok((fast ?? 0) > 385 && (slow ?? 0) >= 4, `${fast} and ${slow}`)
    await swarm.close()
  })

  for (const fault of ['slow', 'silent', 'corrupt'] as const) {
    it(`is done within 1.3 times the time of three sources when a fourth turns ${fault} half-way`, async (test) => {
      test.mock.timers.enable({ apis: ['Date', 'setTimeout', 'setInterval'] })
      const gather = async (sources: readonly Source[]): Promise<number> => {
        const swarm = createSwarm({ mode: 'download', sliceCount: 256, sources })
        swarm.complete()
        const collected = collect(swarm.slices({ first: 0, last: 255 }))
        const elapsed = await elapse(test, collected)
        assert.deepEqual(
          (await collected).toSorted((a, b) => a - b),
          range(0, 255),
        )
        await swarm.close()
        return elapsed
      }
      const three = await gather([5, 5, 5].map((ms) => pacedSource(ms)))
      const four = await gather([pacedSource(5, { after: 32, to: fault }), ...[5, 5, 5].map((ms) => pacedSource(ms))])
      assert.ok(four < 1.3 * three, `${four} of ${three} ms`)
    })
  }

  it('hands over what has come, and what is on its way, before it says that nobody is left', async () => {
    const [dying, late] = [Promise.withResolvers<never>(), Promise.withResolvers<Uint8Array>()]
    const answer = (index: number) => (index < 4 ? dying.promise : index === 7 ? late.promise : Uint8Array.of(index))
    const [source, other] = [fakeSource({ has: (index) => index < 7 }), fakeSource({ has: (index) => index === 7 })]
    const sources = [source, other].map((fake) => ({ ...fake, fetch: async (index: number) => answer(index) }))
    const swarm = createSwarm({ mode: 'download', sliceCount: 8, sources })
    swarm.complete()
    const came: number[] = []
    const download = async (): Promise<void> => {
      for await (const { index } of swarm.slices({ first: 0, last: 7 })) {
        came.push(index)
        // While the first slice is written, its source goes; the other one answers when nothing else is awaited.
        dying.reject(new SluiceError('NODE_UNREACHABLE', 'gone'))
        await new Promise(setImmediate)
        if (came.length === 3) setImmediate(() => late.resolve(Uint8Array.of(7)))
      }
    }
    await assert.rejects(download, (error) => isSluiceError(error, 'SLICE_MISSING'))
    assert.deepEqual(came.toSorted(), [4, 5, 6, 7])
    await swarm.close()
  })

  it('stops fetching when the reader stops', async () => {
    const source = fakeSource()
    const swarm = createSwarm({ mode: 'stream', sliceCount: 100, sources: [source], window: 8 })
    for await (const { index } of swarm.slices({ first: 0, last: 99 })) if (index === 3) break
    assert.ok(source.fetched.length <= 16)
    await swarm.close()
  })
})
