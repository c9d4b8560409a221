import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { paidTotal } from '@sluice/sdk/channel'
import { createSwarm } from '@sluice/sdk/exchange'
import type { SourceReport } from '@sluice/sdk/exchange'
import { connect, createConsumer, makeContent, PRICE, startSeeder, stopSeeders } from '../../testing/exchange.ts'

after(stopSeeders)

const COUNT = 120

describe('many paid seeders', () => {
  it('deliver every slice once, each paid for what it served, though one lies and one leaves', async () => {
    const content = makeContent(COUNT)
    const lying = { ...content, slices: content.slices.map((slice, at) => (at > 20 ? slice.map((b) => b ^ 1) : slice)) }
    const seeders = [
      await startSeeder({ contents: [content] }),
      await startSeeder({ contents: [content] }),
      await startSeeder({ contents: [lying] }),
      await startSeeder({ contents: [content] }),
    ]
    const { payer } = await createConsumer()
    const sources = await Promise.all(seeders.map((seeder) => connect(seeder, content, { payer })))
    const reports: SourceReport[] = []
    const swarm = createSwarm({
      mode: 'download',
      sliceCount: COUNT,
      sources,
      onReport: (report) => reports.push(report),
    })
    swarm.complete()
    const got = new Set<number>()
    for await (const { index, bytes } of swarm.slices({ first: 0, last: COUNT - 1 })) {
      assert.deepEqual(bytes, content.slices[index])
      assert.ok(!got.has(index))
      got.add(index)
      if (got.size === 30) await seeders[3]?.service.stop()
    }
    await swarm.close()
    assert.equal(got.size, COUNT)
    const liar = seeders[2]?.identity.peerId
    assert.ok(reports.some(({ peerId, error }) => peerId === liar && error.code === 'SLICE_CORRUPT'))
    for (const [at, source] of sources.entries()) {
      const [channel] = seeders[at]?.ledger.channels() ?? []
      const accepted = channel === undefined ? 0n : paidTotal(channel)
      // What the two that left have not been told yet is at most what was on its way.
      assert.ok(accepted <= source.paid())
      if (at < 2) assert.equal(accepted, source.paid())
    }
    assert.ok(sources.every((source) => source.paid() > 0n))
    assert.ok(sources.reduce((sum, source) => sum + source.paid(), 0n) >= BigInt(COUNT) * PRICE)
  })
})
