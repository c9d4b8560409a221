import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { collect, elapse, fakeSource, pacedSource } from '../../../test/exchange/sources.ts'
import type { FakeOptions } from '../../../test/exchange/sources.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import { createSwarm } from './swarm.ts'

describe('swarm', () => {
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
})
