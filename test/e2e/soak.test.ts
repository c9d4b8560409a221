import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { readChannel } from '@sluice/sdk/chain'
import { parseEther } from 'viem'
import type { Address, Hex } from 'viem'
import { createRandom } from '../../scripts/lib/random.ts'
import { authorizeConsumer, countEqualSlices, followDownload } from './downloads.ts'
import type { Download } from './downloads.ts'
import { hashFile, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

/** `npm run soak` sets both. */
const KILLS = Number(process.env['SOAK_KILLS'] ?? 4)
const SEED = Number(process.env['SOAK_SEED'] ?? 1)
/** A second of transfer. */
const FILE_BYTES = 128 * 1024 * 1024
const ESCROW = parseEther('100')
const VICTIMS = ['seeder-1', 'consumer'] as const
/** The node's default, in slices. */
const CREDIT = 32
/** Slices that a connection may have asked for and not stored when somebody is killed. */
const OUTSTANDING = 64
/** Keepers open one edition for one holder twenty times an hour; before that there is another work. */
const MOST_OPENINGS = 10
/** Starting a node, and a download after it. */
const KILL_MS = 30_000

/** Share of the kills that come before the first slice, and the longest that the others wait after theirs. */
const [EARLY, JITTER_MS] = [0.25, 50]

type Published = { contentId: Hex; root: string; slices: number }

/**
 * One seeder, one consumer, and one of the two killed in turn at a random moment of a paid download, from
 * the request on. What the consumer has is counted on its disk while it is dead, so that nothing but the
 * slices themselves is believed.
 */
describe(`${KILLS} kills of seeder and consumer, seed ${SEED}`, { timeout: 60_000 + KILLS * KILL_MS }, () => {
  const random = createRandom(SEED)
  let harness: Harness
  let price: bigint
  let wallet: Address
  let work: Published & { sha256: string }
  /** Slices that the consumer had when the present download was asked for. */
  let held = 0
  /** Times that the keepers were asked for the present work's key. */
  let openings = 0
  /** Milliseconds from the request to the first slice, when nobody disturbs. */
  let setUp: number
  /** Slices that came into the consumer's store in all, and downloads that came to their end. */
  const sum = { slices: 0, done: 0, failed: 0, midway: 0, late: 0 }

  before(async () => {
    harness = await startHarness()
    price = BigInt((await harness.api('seeder-1').status()).price.amount)
    wallet = await authorizeConsumer(harness, ESCROW)
    work = await publish()
  })
  after(() => harness.stop())

  /** Publishes a work and has one seeder hold it and the consumer hold a key to it. */
  async function publish(): Promise<Published & { sha256: string }> {
    const sha256 = await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    const published = await harness.json<Published>(['publish', 'work.bin'], { node: 'creator', wallet: 'creator' })
    await harness.seed('seeder-1', published.contentId)
    // Everything comes from the one seeder, so that two ledgers hold all the money.
    await harness.api('creator').removeContent(published.root)
    await harness.json(['buy', published.contentId], { node: 'consumer', wallet: 'consumer' })
    openings = 0
    return { ...published, sha256 }
  }

  function start(): Download {
    openings += 1
    return followDownload(harness, { content: work.contentId, wallet })
  }

  const have = async (): Promise<number> =>
    (await harness.api('consumer').contents()).find(({ root }) => root === work.root)?.have ?? 0

  /** Waits for a download's end and compares what came with what was missing. Whether all of it is there now. */
  async function settle(download: Download): Promise<boolean> {
    await download.ended
    const { first, last } = download
    assert.ok(first !== undefined && last !== undefined)
    assert.ok(first.done >= held, `${first.done} slices are there, ${held} were`)
    const now = await have()
    const received = last.sources.reduce((total, { slices }) => total + slices, 0)
    assert.equal(received, now - held, 'every slice that came was missing before')
    sum.slices += received
    held = now
    if (last.state !== 'done') {
      sum.failed += 1
      assert.ok(['NO_PROVIDERS', 'SLICE_MISSING'].includes(last.error?.code ?? ''), JSON.stringify(last.error))
      return false
    }
    assert.equal(now, work.slices)
    sum.done += 1
    return true
  }

  /** Compares what came with what was published, and the money; then forgets it. */
  async function closeBooks(): Promise<void> {
    assert.equal(await countEqualSlices(harness, work, ['consumer', 'seeder-1']), work.slices)
    const command = ['get', work.contentId, '-o', 'got.bin', '--force']
    openings += 1
    await harness.json(command, { node: 'consumer', wallet: 'consumer' })
    assert.equal(await hashFile(harness.file('got.bin')), work.sha256)
    // Where the seeder died last, what it was owed or promised then waits for the next connection.
    await compareLedgers(BigInt(CREDIT) * price)
    await harness.api('consumer').removeContent(work.root)
    held = 0
    if (openings < MOST_OPENINGS) return
    await downloadInPeace()
    await harness.api('seeder-1').removeContent(work.root)
    work = await publish()
  }

  /** Lets a download come to its end, in as many attempts as it takes. */
  async function finish(): Promise<void> {
    while (!(await settle(start())));
    await closeBooks()
  }

  /** A download that nobody disturbs, after which nothing is owed that is not paid. */
  async function downloadInPeace(): Promise<void> {
    assert.ok(await settle(start()))
    await compareLedgers(price)
    await harness.api('consumer').removeContent(work.root)
    held = 0
  }

  /**
   * Claims all there is: then the chain has paid what was accepted, and that is what was promised
   * and owed, to `within`.
   */
  async function compareLedgers(within: bigint): Promise<void> {
    const seeder = harness.api('seeder-1')
    await seeder.claim({ force: true })
    const { totals, contents } = await seeder.earnings()
    const accepted = BigInt(totals.accepted)
    assert.equal(await claimedOnChain(), accepted)
    const channels = await harness.api('consumer').channels('payer')
    const promised = channels.reduce((total, channel) => total + BigInt(channel.accepted), 0n)
    assert.ok(promised >= accepted && promised - accepted <= within, `${promised} promised, ${accepted} accepted`)
    const owed = BigInt(contents.reduce((total, { slices }) => total + slices, 0)) * price
    assert.ok(owed >= accepted && owed - accepted <= within, `${owed} owed, ${accepted} accepted`)
  }

  /** What the contract has paid out of every channel that the seeder knows of. */
  async function claimedOnChain(): Promise<bigint> {
    const { publicClient, network } = harness
    const { contracts } = network.chain
    const channels = await harness.api('seeder-1').channels('payee')
    const standings = channels.map(({ channelId }) => readChannel(publicClient, { contracts, channelId }))
    return (await Promise.all(standings)).reduce((total, { claimed }) => total + claimed, 0n)
  }

  /** Waits for a random moment of a download: in a quarter of the cases one before the first slice. */
  async function randomMoment(download: Download): Promise<void> {
    // No event says when a process dies: a delay is the very thing that is tried.
    if (random() < EARLY) return Promise.race([delay(random() * setUp), download.reached(held + 1)])
    await download.reached(held + 1 + Math.floor(random() * (work.slices - held)))
    await delay(random() * JITTER_MS)
  }

  /** Kills a node while a download is under way; what is left of it when it was the seeder. */
  async function killDuring(victim: (typeof VICTIMS)[number]): Promise<Download> {
    for (;;) {
      if (openings >= MOST_OPENINGS) await finish()
      const download = start()
      await randomMoment(download)
      const { done, state } = download.last ?? { done: 0, state: 'running' }
      if (state === 'running') {
        if (victim === 'seeder-1' && random() < 0.5) void harness.api('seeder-1').claim({ force: true }).catch(ignore)
        await harness.kill(victim)
        if (done > held) sum.midway += 1
        return download
      }
      sum.late += 1
      if (await settle(download)) await closeBooks()
    }
  }

  it('first let one download in peace, and see how long it takes to start', async () => {
    const startedAt = performance.now()
    const download = start()
    await download.reached(1)
    setUp = performance.now() - startedAt
    assert.ok(await settle(download))
    await closeBooks()
  })

  for (let kill = 1; kill <= KILLS; kill += 1) {
    const victim = VICTIMS[kill % 2] ?? VICTIMS[0]
    it(`resumes after kill ${kill}, of ${victim}`, async () => {
      const download = await killDuring(victim)
      if (victim === 'consumer') {
        await download.ended
        const onDisk = await countEqualSlices(harness, work, ['consumer', 'seeder-1'])
        assert.ok(onDisk >= (download.last?.done ?? 0), 'what was told to be there is there')
        sum.slices += onDisk - held
        held = onDisk
        await harness.restart('consumer')
      } else {
        await harness.restart('seeder-1')
        if (await settle(download)) await closeBooks()
      }
    })
  }

  it('ends with everything fetched once, paid once, and on chain', async (test) => {
    await finish()
    await downloadInPeace()
    const { contents } = await harness.api('seeder-1').earnings()
    const lost = contents.reduce((total, { slices }) => total + slices, 0) - sum.slices
    test.diagnostic(`${JSON.stringify(sum)}, ${lost} slices were on their way when somebody was killed`)
    assert.ok(lost >= 0 && lost <= KILLS * OUTSTANDING)
  })
})

function ignore(): void {}
