import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { SLICE_BYTES } from '@sluice/sdk/content'
import { createIndexReader } from '@sluice/sdk/graph'
import type { IndexReader } from '@sluice/sdk/graph'
import { zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { devAccount } from '../../../scripts/dev-network/accounts.ts'
import { startHarness, writeRandomFile } from '../harness.ts'
import type { Harness } from '../harness.ts'

type Published = { contentId: Hex; editions: { editionId: string; price: string }[] }

const DAY_SECONDS = 86_400

describe('the index of the dev network', { timeout: 180_000 }, () => {
  let harness: Harness
  let index: IndexReader
  let published: Published

  before(async () => {
    harness = await startHarness({ index: true })
    const { indexUrl } = harness.network
    assert.ok(indexUrl)
    index = createIndexReader({ url: indexUrl })
    await writeRandomFile(harness.file('work.bin'), 5 * SLICE_BYTES)
    const publish = ['publish', 'work.bin', '--title', 'Tide tables of Brest']
    published = await harness.json<Published>(publish, { node: 'creator', wallet: 'creator' })
    await harness.seed('seeder-1', published.contentId)
  })
  after(() => harness.stop())

  const wallet = (role: 'creator' | 'consumer' | 'seeder-1'): Address => devAccount(role).address

  it('has what was published in the feed, and finds it by its title and its creator', async () => {
    await harness.caughtUp()
    const row = { contentId: published.contentId }
    assert.deepEqual((await index.feed({ order: 'new' })).rows, [row])
    assert.deepEqual((await index.feed({ order: 'trending', creator: wallet('creator') })).rows, [row])
    assert.deepEqual((await index.search({ text: 'tide' })).rows, [row])
    assert.deepEqual((await index.search({ text: 'ebb' })).rows, [])
    assert.deepEqual((await index.feed({ order: 'new', kind: 'component' })).rows, [])
  })

  it('knows who holds a key, until it is handed on', async () => {
    const { editionId } = published.editions[0] ?? assert.fail('there is no edition')
    await harness.json(['buy', published.contentId], { node: 'consumer', wallet: 'consumer' })
    await harness.caughtUp()
    const holding = [{ editionId: BigInt(editionId) }]
    assert.deepEqual((await index.keyHoldings({ holder: wallet('consumer') })).rows, holding)
    assert.deepEqual((await index.keyHoldings({ holder: wallet('seeder-1') })).rows, [])
  })

  it('adds up what a node claimed for its slices, as the claims say', async () => {
    const get = ['get', published.contentId, '-o', harness.file('copy.bin')]
    await harness.json(get, { node: 'consumer', wallet: 'consumer' })
    const claims = await Promise.all(
      (['creator', 'seeder-1'] as const).map(async (role) => {
        const claimed = await harness.json<{ amount: string }[]>(['claim', '--force'], { node: role, wallet: role })
        return { role, total: claimed.reduce((sum, { amount }) => sum + BigInt(amount), 0n) }
      }),
    )
    assert.ok(claims.some(({ total }) => total > 0n))
    await harness.caughtUp()
    const until = Math.floor(Date.now() / 1000 / DAY_SECONDS) + 1
    for (const { role, total } of claims) {
      const days = await index.earningsDays({ account: wallet(role), since: until - 2, until })
      const claimed = days.filter(({ token }) => token === zeroAddress).reduce((sum, day) => sum + day.claimed, 0n)
      assert.equal(claimed, total, role)
    }
  })
})
