import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  byRarity,
  chooseSources,
  DEFAULT_PLAN_LIMITS,
  DOWNLOAD_PLAN_LIMITS,
  horizonOf,
  planNext,
} from './swarm-plan.ts'
import type { PlanLimits, PlanRequest, PlanSource } from './swarm-plan.ts'

const NOW = 1_000_000
const WINDOW = 12

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
  delayMs: 0,
  window: WINDOW,
  inFlight: 0,
  late: false,
  handicap: 0,
  has: () => true,
  ...more,
})
const fetching = (index: number, source: number, agoMs: number): PlanRequest =>
  request(index, { assigned: new Set([source]), startedAt: NOW - agoMs })
const ENDING = { horizon: 0, ending: true }

describe('swarm plan', () => {
  it('never gives a source more than its window, what it lacks, or what it failed', () => {
    const source = fc.record({
      rate: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      delayMs: fc.nat({ max: 500 }),
      window: fc.integer({ min: 2, max: 48 }),
      inFlight: fc.nat({ max: 12 }),
      late: fc.boolean(),
      modulus: fc.integer({ min: 1, max: 3 }),
    })
    const work = fc.record({ horizon: fc.nat({ max: 20 }), ending: fc.boolean() })
    const limits = fc.constantFrom(DEFAULT_PLAN_LIMITS, DOWNLOAD_PLAN_LIMITS)
    const indices = fc.uniqueArray(fc.nat({ max: 60 }))
    fc.assert(
      fc.property(fc.array(source, { maxLength: 5 }), indices, work, limits, (parts, wanted, left, chosen) => {
        const sources = parts.map(({ modulus, ...part }, id) =>
          planSource(id, { ...part, has: (index) => index % modulus === 0 }),
        )
        const requests = wanted.map((index) => request(index, { failed: new Set(index % 7 === 0 ? [0] : []) }))
        const plan = planNext(requests, sources, NOW, chosen, left)
        const load = new Map(sources.map(({ id, inFlight }) => [id, inFlight]))
        for (const { index, source: id } of plan) {
          assert.ok(sources[id]?.has(index))
          assert.ok(!(index % 7 === 0 && id === 0))
          load.set(id, (load.get(id) ?? 0) + 1)
        }
        const given = new Set(plan.map(({ source: id }) => id))
        for (const id of given) assert.ok((load.get(id) ?? 0) <= (sources[id]?.window ?? 0), `${id}`)
        assert.equal(new Set(plan.map(({ index }) => index)).size, plan.length)
      }),
    )
  })

  it('never leaves a slice unasked for while a source that holds it has nothing to do and no other is at work', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.nat({ max: 20 }), fc.boolean(), (count, slices, download) => {
        const sources = Array.from({ length: count }, (_, id) => planSource(id, { rate: 0.01 * 10 ** id }))
        const requests = Array.from({ length: slices }, (_, index) => request(index))
        const plan = planNext(requests, sources, NOW, download ? DOWNLOAD_PLAN_LIMITS : DEFAULT_PLAN_LIMITS)
        assert.equal(plan.length > 0, slices > 0)
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
    const third = WINDOW / 3
    assert.equal(plan(WINDOW - third + 1, DOWNLOAD_PLAN_LIMITS), 0)
    assert.equal(plan(WINDOW - third, DOWNLOAD_PLAN_LIMITS), third)
    assert.equal(plan(WINDOW - 1, DEFAULT_PLAN_LIMITS), 1)
  })

  it('lets a slice wait for the fast source rather than for the slow one, unless there is work for both', () => {
    const fast = planSource(0, { rate: 200, inFlight: WINDOW })
    const slow = planSource(1, { rate: 2 })
    const [first] = [request(0)]
    assert.deepEqual(planNext([first], [fast, slow], NOW, DOWNLOAD_PLAN_LIMITS, { horizon: 0.2, ending: false }), [])
    assert.deepEqual(planNext([first], [fast, slow], NOW, DOWNLOAD_PLAN_LIMITS, { horizon: 5, ending: false }), [
      { index: 0, source: 1 },
    ])
  })

  it('says how long all sources need together, taking an unknown one for average', () => {
    assert.equal(horizonOf(100, [{ rate: 30 }, { rate: undefined }]), 2)
    assert.equal(horizonOf(100, []), 0)
  })

  it('counts what a peer did before as time', () => {
    const [chosen] = planNext([request(0)], [planSource(0, { handicap: 1 }), planSource(1, { rate: 5 })], NOW)
    assert.equal(chosen?.source, 1)
  })

  it('prefers the cheaper of two equal sources, and the faster of two unequal ones', () => {
    const [cheap] = planNext([request(0)], [planSource(0, { price: 4n }), planSource(1, { price: 1n })], NOW)
    assert.equal(cheap?.source, 1)
    const [fast] = planNext([request(0)], [planSource(0, { rate: 0.5, price: 1n }), planSource(1, { price: 2n })], NOW)
    assert.equal(fast?.source, 1)
  })

  it('asks a second source for a slice that is overdue, only if that is clearly faster', () => {
    const overdue = [fetching(0, 0, 3000)]
    const slow = planSource(0, { rate: 0.2, inFlight: 1 })
    assert.deepEqual(planNext(overdue, [slow, planSource(1)], NOW, DOWNLOAD_PLAN_LIMITS), [{ index: 0, source: 1 }])
    assert.deepEqual(planNext(overdue, [slow, planSource(1, { rate: 0.2 })], NOW, DOWNLOAD_PLAN_LIMITS), [])
    assert.deepEqual(planNext([fetching(0, 0, 0)], [slow, planSource(1)], NOW, DOWNLOAD_PLAN_LIMITS), [])
  })

  it('asks a second source at once for what a silent one holds, where it is urgent', () => {
    const silent = planSource(0, { rate: 5, inFlight: 6, late: true })
    const held = Array.from({ length: 6 }, (_, index) => fetching(index, 0, 200))
    const plan = (limits: PlanLimits, ending: boolean): number =>
      planNext(held, [silent, planSource(1)], NOW, limits, { horizon: 0, ending }).length
    assert.equal(plan(DOWNLOAD_PLAN_LIMITS, false), 0)
    assert.equal(plan(DOWNLOAD_PLAN_LIMITS, true), 6)
    assert.equal(plan(DEFAULT_PLAN_LIMITS, false), DEFAULT_PLAN_LIMITS.urgent)
  })

  it('does not pay twice for what is merely slow, unless the work is about to end', () => {
    const slow = planSource(0, { rate: 0.5, inFlight: 1 })
    const held = [fetching(0, 0, 600)]
    assert.deepEqual(planNext(held, [slow, planSource(1)], NOW, DOWNLOAD_PLAN_LIMITS), [])
    assert.equal(planNext(held, [slow, planSource(1)], NOW, DOWNLOAD_PLAN_LIMITS, ENDING).length, 1)
    const slower = planSource(1, { rate: 2 })
    assert.deepEqual(planNext(held, [{ ...slow, rate: 4 }, slower], NOW, DOWNLOAD_PLAN_LIMITS, ENDING), [])
  })

  it('asks a third source when the second is silent too, and no fourth', () => {
    const sources = [0, 1, 2, 3].map((id) => planSource(id, { late: id < 3, rate: id < 3 ? 1 : 100, inFlight: 1 }))
    const held = (...ids: number[]): PlanRequest => request(0, { assigned: new Set(ids), startedAt: NOW - 3000 })
    const plan = (one: PlanRequest) => planNext([one], sources, NOW, DOWNLOAD_PLAN_LIMITS, ENDING)
    assert.deepEqual(plan(held(0, 1)), [{ index: 0, source: 3 }])
    assert.deepEqual(plan(held(0, 1, 2)), [])
  })

  it('pays as many new channels as the content is worth, and every open one', () => {
    const candidate = (name: string, price: bigint, hasChannel = false, used = false) => {
      return { name, price, hasChannel, used, minChannel: 100n, silent: false }
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
    const silent = { ...candidate('a', 2n, true, true), silent: true }
    assert.deepEqual(
      chooseSources([silent, candidate('b', 1n)], 10).map(({ name }) => name),
      ['a', 'b'],
    )
  })

  it('orders by how few hold a slice', () => {
    const sources = [planSource(0, { has: (index) => index < 3 }), planSource(1, { has: (index) => index < 2 })]
    assert.deepEqual(byRarity([0, 1, 2, 3], sources), [2, 0, 1, 3])
  })
})
