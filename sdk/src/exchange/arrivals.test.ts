import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createArrivals } from './arrivals.ts'

describe('arrivals', () => {
  it('hands over in the order of asking, or in that of arriving', async () => {
    for (const inOrder of [true, false]) {
      const arrivals = createArrivals<number>({ inOrder })
      const slow = Promise.withResolvers<number>()
      arrivals.add(slow.promise)
      arrivals.add(Promise.resolve(2))
      const first = arrivals.next()
      await new Promise(setImmediate)
      slow.resolve(1)
      assert.deepEqual([await first, await arrivals.next()], inOrder ? [1, 2] : [2, 1])
      assert.equal(arrivals.size, 0)
    }
  })

  it('hands over all that comes before it tells of what failed, where there is no order', async () => {
    const arrivals = createArrivals<number>({ inOrder: false })
    const [late, here] = [Promise.withResolvers<number>(), Promise.resolve(1)]
    arrivals.add(Promise.reject(new Error('lost')))
    arrivals.add(here)
    arrivals.add(late.promise)
    assert.equal(await arrivals.next(), 1)
    assert.equal(arrivals.failed, true)
    setImmediate(() => late.resolve(2))
    assert.equal(await arrivals.next(), 2)
    await assert.rejects(arrivals.next(), /lost/)
    assert.deepEqual([arrivals.size, arrivals.failed], [0, false])
  })

  it('rejects as what it waits for does, and goes on to wait for the rest', async () => {
    const arrivals = createArrivals<number>({ inOrder: true })
    const late = Promise.withResolvers<number>()
    arrivals.add(Promise.reject(new Error('lost')))
    arrivals.add(late.promise)
    await assert.rejects(arrivals.next(), /lost/)
    assert.equal(arrivals.size, 1)
    late.reject(new Error('lost too'))
    await assert.rejects(arrivals.next(), /lost too/)
    assert.equal(arrivals.size, 0)
  })
})
