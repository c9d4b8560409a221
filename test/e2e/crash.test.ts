import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Job } from '@sluice/node/api/client'
import type { Address, Hex } from 'viem'
import { authorizeConsumer, countEqualSlices } from './downloads.ts'
import { hashFile, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

type Got = { sha256: string; slices: number; paid: string; sources: { peerId: string; slices: number; paid: string }[] }
type Published = { contentId: Hex; root: string; slices: number }

/** A second of transfer at least, so that there is a middle of it. */
const FILE_BYTES = 192 * 1024 * 1024
const ESCROW = 10n ** 16n
/** The node's default, in slices. */
const CREDIT = 32
const SEEDERS = ['seeder-1', 'seeder-2'] as const

describe('processes that are killed in the middle of a transfer', { timeout: 180_000 }, () => {
  let harness: Harness
  let price: bigint
  let wallet: Address
  let work: Published & { sha256: string }

  before(async () => {
    harness = await startHarness()
    price = BigInt((await harness.api('seeder-1').status()).price.amount)
    wallet = await authorizeConsumer(harness, ESCROW)
    work = await publish('work.bin')
  })
  after(() => harness.stop())

  /** Publishes a file, has both seeders hold it, and buys the consumer a key to it. */
  async function publish(name: string): Promise<Published & { sha256: string }> {
    const sha256 = await writeRandomFile(harness.file(name), FILE_BYTES)
    const published = await harness.json<Published>(['publish', name], { node: 'creator', wallet: 'creator' })
    await Promise.all(SEEDERS.map((seeder) => harness.seed(seeder, published.contentId)))
    await harness.json(['buy', published.contentId], { node: 'consumer', wallet: 'consumer' })
    return { ...published, sha256 }
  }

  /** Starts a download and returns its job as soon as `reached` holds of it. */
  async function downloadUntil(content: Hex, reached: (job: Job) => boolean): Promise<Job> {
    const api = harness.api('consumer')
    const { jobId } = await api.startDownload({ content, wallet })
    for await (const job of api.jobEvents(jobId)) if (reached(job) || job.state !== 'running') return job
    throw new Error('the job has no end')
  }

  async function finish(jobId: string): Promise<Job> {
    let last: Job | undefined
    for await (const job of harness.api('consumer').jobEvents(jobId)) last = job
    assert.ok(last)
    return last
  }

  /** What a node earned with one content. */
  async function earned(name: (typeof SEEDERS)[number] | 'creator', root: string) {
    const { contents, totals } = await harness.api(name).earnings()
    const { slices = 0, earned: amount = '0' } = contents.find((entry) => entry.root === root) ?? {}
    return { slices, amount: BigInt(amount), accepted: BigInt(totals.accepted) }
  }

  describe('a seeder', () => {
    let victim: (typeof SEEDERS)[number]
    let before: bigint

    it('leaves the consumer to finish from the others, with the very bytes', async () => {
      const servedBy = ({ sources }: Job, name: (typeof SEEDERS)[number]): boolean => {
        const { peerId } = harness.network.node(name).node
        return sources.some((source) => source.peerId === peerId && source.slices > 2)
      }
      const job = await downloadUntil(work.contentId, (state) => SEEDERS.some((name) => servedBy(state, name)))
      assert.equal(job.state, 'running')
      // Whichever came first: the other may be used late.
      victim = SEEDERS.find((name) => servedBy(job, name)) ?? SEEDERS[0]
      before = (await earned(victim, work.root)).accepted
      await harness.kill(victim)
      assert.ok(job.done < work.slices, 'killed while slices were still to come')
      const done = await finish(job.id)
      assert.equal(done.state, 'done', done.error?.message)
      assert.equal(done.done, work.slices)
      const got = await harness.json<Got>(['get', work.contentId, '-o', 'survived.bin'], {
        node: 'consumer',
        wallet: 'consumer',
      })
      assert.equal(got.sha256, work.sha256)
      assert.equal(await hashFile(harness.file('survived.bin')), work.sha256)
    })

    it('starts again and claims all that it had been paid, and was paid for all but the credit', async () => {
      await harness.restart(victim)
      const { slices, amount, accepted } = await earned(victim, work.root)
      assert.ok(accepted >= before, 'what was accepted survives')
      assert.ok(BigInt(slices) * price - amount <= BigInt(CREDIT) * price, 'no more than the credit is lost')
      const claims = await harness.api(victim).claim({ force: true })
      assert.equal(
        claims.reduce((sum, claim) => sum + BigInt(claim.amount), 0n),
        accepted,
      )
      // What the consumer promised and the seeder did not live to read is on the way still, and within the credit.
      const { node } = harness.network.node(victim)
      const channels = await harness.api('consumer').channels('payer')
      const toSeeder = channels.filter(({ peerId }) => peerId === node.peerId)
      const promised = toSeeder.reduce((sum, channel) => sum + BigInt(channel.accepted), 0n)
      assert.ok(promised >= accepted)
      assert.ok(promised - accepted <= BigInt(CREDIT) * price, `${promised} promised, ${accepted} claimed`)
    })
  })

  describe('a consumer', () => {
    it('resumes where it was, fetching nothing twice but what was on its way', async () => {
      await harness.api('consumer').removeContent(work.root)
      const job = await downloadUntil(work.contentId, ({ done }) => done > (work.slices * 2) / 3)
      assert.equal(job.state, 'running')
      await harness.kill('consumer')
      const held = await countEqualSlices(harness, work, ['consumer', 'seeder-1'])
      await harness.restart('consumer')
      assert.ok(held > 0 && held < work.slices, `${held} of ${work.slices} were there after the crash`)
      const got = await harness.json<Got>(['get', work.contentId, '-o', 'resumed.bin'], {
        node: 'consumer',
        wallet: 'consumer',
      })
      assert.equal(got.sha256, work.sha256)
      assert.equal(await hashFile(harness.file('resumed.bin')), work.sha256)
      assert.equal(
        got.sources.reduce((sum, { slices }) => sum + slices, 0),
        work.slices - held,
      )
    })
  })
})
