import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { zeroAddress } from 'viem'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { createSwarm } from './swarm.ts'
import { byRarity, chooseSources, DEFAULT_PLAN_LIMITS, DOWNLOAD_PLAN_LIMITS, planNext } from './swarm-plan.ts'
import type { PlanLimits, PlanRequest, PlanSource } from './swarm-plan.ts'
import type { Source } from './source.ts'
import type { SourceReport } from './swarm.ts'

const NOW = 1_000_000

const request = (index: number, more: Partial<PlanRequest> = {}): PlanRequest => ({
  index,
  deadline: NOW + index,
  startedAt: undefined,
  assigned: new Set(),
  failed: new Set(),
  ...more,
})
const planSource = (id: number, more: Partial<PlanSource> = {}): PlanSource => ({
  id,
  price: 1n,
  rate: 10,
  inFlight: 0,
  has: () => true,
  ...more,
})

describe('swarm plan', () => {
  it('never gives a source more than it takes, what it lacks, or what it failed', () => {
    const source = fc.record({
      rate: fc.integer({ min: 1, max: 50 }),
      inFlight: fc.nat({ max: 12 }),
      modulus: fc.integer({ min: 1, max: 3 }),
    })
    fc.assert(
      fc.property(fc.array(source, { maxLength: 5 }), fc.uniqueArray(fc.nat({ max: 60 })), (parts, indices) => {
        const sources = parts.map(({ rate, inFlight, modulus }, id) =>
          planSource(id, { rate, inFlight, has: (index) => index % modulus === 0 }),
        )
        const requests = indices.map((index) => request(index, { failed: new Set(index % 7 === 0 ? [0] : []) }))
        const load = new Map(sources.map(({ id, inFlight }) => [id, inFlight]))
        for (const { index, source: id } of planNext(requests, sources, NOW)) {
          assert.ok(sources[id]?.has(index))
          assert.ok(!(index % 7 === 0 && id === 0))
          load.set(id, (load.get(id) ?? 0) + 1)
        }
        for (const [id, count] of load) assert.ok(count <= DEFAULT_PLAN_LIMITS.perSource, `${id}`)
      }),
    )
  })

  it('serves the most urgent first and shares the load by rate', () => {
    const plan = planNext(
      [3, 1, 2, 0].map((index) => request(index)),
      [planSource(0, { rate: 30 }), planSource(1)],
      NOW,
    )
    assert.deepEqual(
      plan.map(({ index }) => index),
      [0, 1, 2, 3],
    )
    assert.equal(plan.filter(({ source }) => source === 0).length, 3)
  })

  it('asks a source for many at once while downloading, and for one as soon as there is a place while streaming', () => {
    const waiting = Array.from({ length: 40 }, (_, index) => request(index))
    const plan = (inFlight: number, limits: PlanLimits): number =>
      planNext(waiting, [planSource(0, { inFlight })], NOW, limits).length
    const { perSource, refill } = DOWNLOAD_PLAN_LIMITS
    assert.equal(plan(perSource - refill + 1, DOWNLOAD_PLAN_LIMITS), 0)
    assert.equal(plan(perSource - refill, DOWNLOAD_PLAN_LIMITS), refill)
    assert.equal(plan(DEFAULT_PLAN_LIMITS.perSource - 1, DEFAULT_PLAN_LIMITS), 1)
  })

  it('prefers the cheaper of two equal sources, and the faster of two unequal ones', () => {
    const [cheap] = planNext([request(0)], [planSource(0, { price: 4n }), planSource(1, { price: 1n })], NOW)
    assert.equal(cheap?.source, 1)
    const [fast] = planNext([request(0)], [planSource(0, { rate: 0.5, price: 1n }), planSource(1, { price: 2n })], NOW)
    assert.equal(fast?.source, 1)
  })

  it('asks a second source for a slice that is late, only if that is clearly faster', () => {
    const late = [request(0, { assigned: new Set([0]), startedAt: NOW - 3000 })]
    const slow = planSource(0, { rate: 0.2, inFlight: 1 })
    assert.deepEqual(planNext(late, [slow, planSource(1)], NOW), [{ index: 0, source: 1 }])
    assert.deepEqual(planNext(late, [slow, planSource(1, { rate: 0.2 })], NOW), [])
    assert.deepEqual(planNext([request(0, { assigned: new Set([0]), startedAt: NOW })], [slow, planSource(1)], NOW), [])
  })

  it('does not pay twice for what is merely slow, unless the work is about to end', () => {
    const slow = planSource(0, { rate: 0.1, inFlight: 1 })
    const halfSecond = [request(0, { assigned: new Set([0]), startedAt: NOW - 600 })]
    assert.deepEqual(planNext(halfSecond, [slow, planSource(1)], NOW), [])
    assert.equal(planNext(halfSecond, [slow, planSource(1)], NOW, DEFAULT_PLAN_LIMITS, true).length, 1)
  })

  it('pays as many new channels as the content is worth, and every open one', () => {
    const candidate = (name: string, price: bigint, hasChannel = false, used = false) => {
      return { name, price, hasChannel, used, minChannel: 100n }
    }
    const all = [candidate('a', 2n), candidate('b', 1n), candidate('open', 3n, true), candidate('free', 0n)]
    assert.deepEqual(
      chooseSources(all, 10).map(({ name }) => name),
      ['free', 'open'],
    )
    assert.deepEqual(
      chooseSources(all, 1000).map(({ name }) => name),
      ['free', 'open', 'b', 'a'],
    )
    assert.deepEqual(
      chooseSources(all.slice(0, 2), 10).map(({ name }) => name),
      ['b'],
    )
  })

  it('orders by how few hold a slice', () => {
    const sources = [planSource(0, { has: (index) => index < 3 }), planSource(1, { has: (index) => index < 2 })]
    assert.deepEqual(byRarity([0, 1, 2, 3], sources), [2, 0, 1, 3])
  })
})

type FakeOptions = {
  peerId?: string
  has?: (index: number) => boolean
  fail?: ErrorCode
  at?: number
  silent?: boolean
  price?: bigint
}

/** A source that answers at once, fails from a slice on, or never answers. */
function fakeSource(options: FakeOptions = {}): Source & { fetched: number[] } {
  const { promise: closed, resolve } = Promise.withResolvers<SluiceError | undefined>()
  const fetched: number[] = []
  const price = options.price ?? 0n
  return {
    fetched,
    peerId: options.peerId ?? 'peer',
    price,
    hasChannel: false,
    terms: {
      type: 'terms',
      termsId: 1,
      price,
      token: zeroAddress,
      payee: zeroAddress,
      credit: 0n,
      minChannel: 0n,
      challenge: 0,
      expiry: 0n,
      sliceCount: 100,
      has: new Uint8Array(13),
      owed: 0n,
      signature: new Uint8Array(64),
    },
    has: options.has ?? (() => true),
    fetch: async (index, { signal } = {}) => {
      fetched.push(index)
      if (options.silent)
        await new Promise((_, reject) =>
          signal?.addEventListener('abort', () => reject(new SluiceError('ABORTED', ''))),
        )
      await new Promise(setImmediate)
      if (options.fail && index >= (options.at ?? 0)) throw new SluiceError(options.fail, 'fails')
      return Uint8Array.of(index)
    },
    paid: () => 0n,
    delivered: () => fetched.length,
    closed,
    close: async () => resolve(undefined),
  }
}

async function collect(slices: AsyncIterable<{ index: number; bytes: Uint8Array }>): Promise<number[]> {
  const indices: number[] = []
  for await (const { index, bytes } of slices) {
    assert.equal(bytes[0], index)
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

  it('stops fetching when the reader stops', async () => {
    const source = fakeSource()
    const swarm = createSwarm({ mode: 'stream', sliceCount: 100, sources: [source], window: 8 })
    for await (const { index } of swarm.slices({ first: 0, last: 99 })) if (index === 3) break
    assert.ok(source.fetched.length <= 16)
    await swarm.close()
  })
})
