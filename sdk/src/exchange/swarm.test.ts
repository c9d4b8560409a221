import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect, elapse, fakeSource, pacedSource, range } from '../../../test/exchange/sources.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { createSwarm } from './swarm.ts'
import type { Source } from './source.ts'
import type { SourceReport } from './swarm-types.ts'

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
