import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createPaceMeter, UNKNOWN_RATE } from './pace.ts'
import type { Asked, PaceMeter } from './pace.ts'
import { DOWNLOAD_PLAN_LIMITS } from './swarm-plan.ts'
import { windowFor } from './window.ts'

const LIMITS = DOWNLOAD_PLAN_LIMITS
const START = 1_000_000

/** Keeps a source's window full for a while, one slice after the other; returns the meter and the time. */
function keepBusy(
  source: { rate: number; delayMs: number },
  forMs: number,
  meter: PaceMeter = createPaceMeter(LIMITS),
  start = START,
): { meter: PaceMeter; now: number; held: Asked[] } {
  const flight: { asked: Asked; due: number }[] = []
  let now = start
  let free = start
  while (now < start + forMs) {
    while (flight.length < meter.view(now).window) {
      free = Math.max(free, now + source.delayMs) + 1000 / source.rate
      flight.push({ asked: meter.asked(now), due: free })
    }
    const next = flight.shift()
    if (next === undefined) break
    now = next.due
    meter.arrived(next.asked, now)
  }
  return { meter, now, held: flight.map(({ asked }) => asked) }
}

const pace = fc.record({ rate: fc.double({ min: 0, max: 5000, noNaN: true }), delayMs: fc.nat({ max: 2000 }) })

describe('window of a source', () => {
  it('stays within its bounds and grows with rate and delay', () => {
    fc.assert(
      fc.property(pace, pace, (one, other) => {
        const window = windowFor(one, LIMITS)
        assert.ok(Number.isInteger(window) && window >= LIMITS.least && window <= LIMITS.most)
        if (one.rate <= other.rate && one.delayMs <= other.delayMs) assert.ok(window <= windowFor(other, LIMITS))
      }),
    )
  })

  it('covers what arrives during the delay, as far as its bound lets it', () => {
    fc.assert(
      fc.property(pace, (one) => {
        assert.ok(windowFor(one, LIMITS) >= Math.min((one.rate * one.delayMs) / 1000, LIMITS.most))
      }),
    )
  })

  it('starts at its initial size and follows what is measured: near, far, slow', () => {
    assert.equal(createPaceMeter(LIMITS).view(START).window, LIMITS.initial)
    const near = keepBusy({ rate: 190, delayMs: 1 }, 2000).meter.view(START + 2000)
    assert.ok(near.window >= 8 && near.window <= 16, `${near.window}`)
    const slow = keepBusy({ rate: 4, delayMs: 1 }, 5000)
    assert.ok(slow.meter.view(slow.now).window <= 5)
    const fast = keepBusy({ rate: 1600, delayMs: 1 }, 1000)
    assert.equal(fast.meter.view(fast.now).window, LIMITS.most)
  })

  it('reaches the rate of a distant source within ten round trips, though it starts with too few in flight', () => {
    const delayMs = 150
    const { meter, now } = keepBusy({ rate: 190, delayMs }, 10 * delayMs)
    const { rate, window } = meter.view(now)
    assert.ok(window >= 0.19 * delayMs, `${window}`)
    assert.ok((rate ?? 0) > 150, `${rate}`)
  })

  it('measures the least delay anew every ten seconds, so that a path that became longer is filled again', () => {
    const first = keepBusy({ rate: 190, delayMs: 10 }, 2000)
    for (const _ of first.held) first.meter.givenUp(first.now)
    const later = keepBusy({ rate: 190, delayMs: 150 }, 26_000, first.meter, first.now)
    const { rate, delayMs } = later.meter.view(later.now)
    assert.ok(delayMs >= 150 && delayMs < 170, `${delayMs}`)
    assert.ok((rate ?? 0) > 150, `${rate}`)
  })

  it('does not take its own queue for delay', () => {
    const { meter, now } = keepBusy({ rate: 190, delayMs: 5 }, 60_000)
    assert.ok(meter.view(now).delayMs < 25)
    assert.ok(meter.view(now).window <= 20)
  })
})

describe('pace of a source', () => {
  it('measures the rate of any source that is kept busy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 1000 }), fc.integer({ min: 1, max: 20 }), (rate, delayMs) => {
        const { meter, now } = keepBusy({ rate, delayMs }, 4000)
        const measured = meter.view(now).rate ?? 0
        assert.ok(measured > 0.7 * rate && measured < 1.3 * rate, `${measured} of ${rate}`)
      }),
    )
  })

  it('takes a source that fell silent for as fast as its silence lets it be, and keeps that when nobody waits any more', () => {
    const { meter, now, held } = keepBusy({ rate: 190, delayMs: 1 }, 2000)
    assert.equal(meter.view(now + 20).late, false)
    const silent = meter.view(now + 500)
    assert.equal(silent.late, true)
    assert.equal(silent.rate, 2)
    for (const _ of held) meter.givenUp(now + 500)
    assert.equal(meter.view(now + 500).late, false)
    assert.equal(meter.view(now + 500).rate, 2)
  })

  it('gives what was slow long ago another chance, at most as one that nobody knows', () => {
    const { meter, now, held } = keepBusy({ rate: 190, delayMs: 1 }, 2000)
    for (const _ of held) meter.givenUp(now + 1000)
    assert.ok((meter.view(now + 11_000).rate ?? 0) > 1.9)
    assert.equal(meter.view(now + 1_000_000).rate, UNKNOWN_RATE)
  })

  it('is not misled by one long pause', () => {
    const { meter, now, held } = keepBusy({ rate: 190, delayMs: 1 }, 2000)
    const resumed = now + 300
    for (const [at, asked] of held.entries()) meter.arrived(asked, resumed + at)
    const after = keepBusy({ rate: 190, delayMs: 1 }, 200, meter, resumed + held.length)
    assert.ok((after.meter.view(after.now).rate ?? 0) > 100)
  })

  it('waits half a second for the first slice before it calls a source late', () => {
    const meter = createPaceMeter(LIMITS)
    meter.asked(START)
    assert.equal(meter.view(START + 500).late, false)
    assert.equal(meter.view(START + 501).late, true)
  })
})
