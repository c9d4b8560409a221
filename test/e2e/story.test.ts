import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Hex } from 'viem'
import { devAccount } from '../../scripts/dev-network/accounts.ts'
import { hashFile, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

type Published = {
  contentId: Hex
  slices: number
  bytes: number
  root: string
  editions: { editionId: string; price: string }[]
}
type Got = {
  sha256: string
  bytes: number
  slices: number
  paid: string
  sources: { peerId: string; slices: number; paid: string }[]
}
type Claimed = { channelId: Hex; amount: string; txHash: Hex }[]
type Channels = { channelId: Hex; role: string; deposit: string; claimed: string }[]
type Withdrawal = { state: string; amount: string }

const FILE_BYTES = 100 * 1024 * 1024
const DAY_SECONDS = 24 * 60 * 60

describe('the main job, through the command line', { timeout: 240_000 }, () => {
  let harness: Harness
  let published: Published
  let got: Got
  let sha256: string

  before(async () => {
    harness = await startHarness()
    sha256 = await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
  })
  after(() => harness.stop())

  it('publishes a file of 100 MiB', async () => {
    published = await harness.json(['publish', 'work.bin', '--price', '0.02'], { node: 'creator', wallet: 'creator' })
    assert.equal(published.bytes, FILE_BYTES)
    assert.equal(published.slices, Math.ceil(FILE_BYTES / 262_128))
    assert.equal(published.editions[0]?.price, '20000000000000000')
  })

  it('has both seeders hold it', async () => {
    for (const node of ['seeder-1', 'seeder-2'] as const) {
      const seeded = await harness.json<{ slices: number }>(['seed', published.contentId], { node })
      assert.equal(seeded.slices, published.slices)
      const [held] = (await harness.api(node).contents()).filter(({ root }) => root === published.root)
      assert.equal(held?.have, published.slices)
    }
  })

  it('refuses a consumer without a key, and no slice leaves', async () => {
    const refusal = await harness.refusal(['get', published.contentId, '-o', 'stolen.bin'], {
      node: 'consumer',
      wallet: 'consumer',
    })
    assert.equal(refusal.code, 'NOT_ENTITLED')
    assert.equal(refusal.exit, 1)
    for (const node of ['creator', 'seeder-1', 'seeder-2'] as const) {
      const { contents } = await harness.api(node).earnings()
      assert.equal(contents.find(({ root }) => root === published.root)?.slices ?? 0, 0)
    }
  })

  it('sells a key and delivers the very bytes, paid slice by slice', async () => {
    await harness.json(['buy', published.contentId], { node: 'consumer', wallet: 'consumer' })
    got = await harness.json(['get', published.contentId, '-o', 'copy.bin'], { node: 'consumer', wallet: 'consumer' })
    assert.equal(got.sha256, sha256)
    assert.equal(await hashFile(harness.file('copy.bin')), sha256)
    assert.equal(got.slices, published.slices)
    assert.ok(got.sources.length >= 2, `drew from ${got.sources.length} sources`)
  })

  it('pays each source what its slices cost, to the wei', async () => {
    let total = 0n
    for (const { peerId, slices, paid } of got.sources) {
      const node = harness.network.nodes.find((entry) => entry.peerId === peerId)
      assert.ok(node)
      const { price } = await harness.api(node.name).status()
      assert.equal(BigInt(paid), BigInt(slices) * BigInt(price.amount))
      total += BigInt(paid)
    }
    assert.equal(BigInt(got.paid), total)
  })

  it('lets the seeders claim exactly that, and returns the rest to the payer', async () => {
    for (const { peerId, paid } of got.sources) {
      const node = harness.network.nodes.find((entry) => entry.peerId === peerId)
      assert.ok(node)
      const claims = await harness.json<Claimed>(['claim', '--force', '--close'], { node: node.name })
      assert.equal(
        claims.reduce((sum, { amount }) => sum + BigInt(amount), 0n),
        BigInt(paid),
      )
    }
    const channels = await harness.json<Channels>(['channels'], { node: 'consumer' })
    assert.equal(
      channels.reduce((sum, { claimed }) => sum + BigInt(claimed), 0n),
      BigInt(got.paid),
    )
  })

  it('withdraws the escrow’s remainder after the delay, and leaves nothing in the contract', async () => {
    const consumer = { node: 'consumer', wallet: 'consumer' } as const
    const requested = await harness.json<Withdrawal>(['withdraw'], consumer)
    assert.equal(requested.state, 'requested')
    assert.equal((await harness.json<Withdrawal>(['withdraw'], consumer)).state, 'waiting')
    await harness.testClient.increaseTime({ seconds: DAY_SECONDS })
    await harness.testClient.mine({ blocks: 1 })
    const withdrawn = await harness.json<Withdrawal>(['withdraw'], consumer)
    assert.equal(withdrawn.state, 'withdrawn')
    assert.equal(withdrawn.amount, requested.amount)
    const { channels } = harness.network.chain.contracts
    assert.equal(await harness.publicClient.getBalance({ address: channels }), 0n)
  })

  it('serves the new holder of a transferred key, and refuses the old one', async () => {
    const heir = devAccount('consumer-2').address
    await harness.json(['transfer', published.contentId, heir], { node: 'consumer', wallet: 'consumer' })
    const old = await harness.refusal(['get', published.contentId, '-o', 'old.bin'], {
      node: 'consumer',
      wallet: 'consumer',
    })
    assert.equal(old.code, 'NOT_ENTITLED')
    const now = await harness.json<Got>(['get', published.contentId, '-o', 'new.bin'], {
      node: 'consumer',
      wallet: 'consumer-2',
    })
    assert.equal(now.sha256, sha256)
  })
})
