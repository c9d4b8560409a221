import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { HeldContent } from '@sluice/node/api/client'
import type { Hex } from 'viem'
import { startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

type Published = { contentId: Hex; root: string; slices: number }
type Seeder = (typeof SEEDERS)[number]

const FILE_BYTES = 3_000_000
const SEEDERS = ['seeder-1', 'seeder-2'] as const
const CREATOR = { node: 'creator', wallet: 'creator' } as const
const PATIENCE_MS = 90_000

describe('replicas that a creator asks for', { timeout: 200_000 }, () => {
  let harness: Harness
  let work: Published
  let first: Seeder

  before(async () => {
    harness = await startHarness()
    await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    work = await harness.json(['publish', 'work.bin', '--price', '0.001', '--replicas', '1'], CREATOR)
  })
  after(() => harness.stop())

  async function held(name: Seeder | 'creator' | 'consumer'): Promise<HeldContent | undefined> {
    return (await harness.api(name).contents()).find(({ root }) => root === work.root)
  }

  /** Resolves with the seeder among these that holds all of it, as soon as there is one. */
  async function wholeOn(names: readonly Seeder[]): Promise<Seeder> {
    const deadline = Date.now() + PATIENCE_MS
    while (Date.now() < deadline) {
      for (const name of names) if ((await held(name))?.have === work.slices) return name
      await new Promise((resolve) => setImmediate(resolve))
    }
    throw new Error('no seeder took it')
  }

  it('are taken by as many seeders, who do not pin them', async () => {
    first = await wholeOn(SEEDERS)
    const replica = await held(first)
    assert.deepEqual([replica?.pinned, replica?.origin, replica?.contentId], [false, false, work.contentId])
    const others = await Promise.all(SEEDERS.filter((name) => name !== first).map(held))
    assert.deepEqual(others, [undefined])
    assert.equal(await held('consumer'), undefined)
    await counted()
  })

  /** Resolves once the creator's node has found out that there are as many copies as are wanted, one. */
  async function counted(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS
    let own = await held('creator')
    while (own?.replicasFound !== 1 && Date.now() < deadline) {
      await new Promise((resolve) => setImmediate(resolve))
      own = await held('creator')
    }
    assert.deepEqual([own?.replicas, own?.replicasFound], [1, 1])
  }

  it('are made good by another seeder when one is killed', async () => {
    await harness.kill(first)
    const second = await wholeOn(SEEDERS.filter((name) => name !== first))
    assert.notEqual(second, first)
    await counted()
  })

  it('are only for who published it, in a number that makes sense', async () => {
    const [second] = SEEDERS.filter((name) => name !== first)
    assert.ok(second)
    assert.equal((await harness.refusal(['replicas', work.root, '2'], { node: second })).code, 'BAD_INPUT')
    assert.equal((await harness.refusal(['replicas', work.root, 'many'], CREATOR)).code, 'BAD_INPUT')
    await harness.json(['replicas', work.contentId, '0'], CREATOR)
    assert.equal((await held('creator'))?.replicas, 0)
  })
})
