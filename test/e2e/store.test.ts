import assert from 'node:assert/strict'
import { truncate } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import type { HeldContent } from '@sluice/node/api/client'
import type { Hex } from 'viem'
import { alterSlices, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

type Published = { contentId: Hex; root: string; slices: number }

const FILE_BYTES = 5_000_000
const CREATOR = { node: 'creator', wallet: 'creator' } as const
const SEEDER = { node: 'seeder-1' } as const

describe('what a node keeps', { timeout: 120_000 }, () => {
  let harness: Harness
  let work: Published

  before(async () => {
    harness = await startHarness()
    await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    work = await harness.json(['publish', 'work.bin', '--price', '0.001'], CREATOR)
    await harness.seed('seeder-1', work.contentId)
  })
  after(() => harness.stop())

  async function held(name: 'creator' | 'seeder-1' = 'seeder-1'): Promise<HeldContent | undefined> {
    return (await harness.json<HeldContent[]>(['ls'], { node: name })).find(({ root }) => root === work.root)
  }

  it('is listed with its size, its slices, why it stays, and what it earned', async () => {
    const [seeded, own] = [await held(), await held('creator')]
    assert.deepEqual([seeded?.have, seeded?.sliceCount, seeded?.pinned, seeded?.origin], [20, 20, true, false])
    assert.deepEqual([own?.origin, own?.earned, own?.contentId], [true, '0', work.contentId])
    const { stdout } = await harness.run(['ls'], { node: 'seeder-1' })
    assert.match(
      stdout,
      new RegExp(`^${work.root} +4\\.8 MiB +20/20 +pinned +0 ETH +work\\.bin +${work.contentId}$`, 'm'),
    )
    assert.match(stdout, /4\.8 MiB of 100\.0 GiB used/)
  })

  it('is pinned and unpinned by content id or root, and unknown where it is not', async () => {
    await harness.json(['unpin', work.contentId], SEEDER)
    assert.equal((await held())?.pinned, false)
    await harness.json(['pin', work.root], SEEDER)
    assert.equal((await held())?.pinned, true)
    assert.equal((await harness.refusal(['pin', work.root], { node: 'seeder-2' })).code, 'CONTENT_UNKNOWN')
    assert.equal((await harness.refusal(['pin', 'nonsense'], SEEDER)).code, 'BAD_INPUT')
  })

  it('is mended where bytes on disk have changed, by CID and from another node', async () => {
    assert.deepEqual(await harness.json(['scrub', work.root], SEEDER), { checked: 20, damaged: 0, repaired: 0 })
    await alterSlices(harness, 'seeder-1', work.root, [0, 7, 19])
    assert.deepEqual(await harness.json(['scrub'], SEEDER), { checked: 20, damaged: 3, repaired: 3 })
    assert.equal((await held())?.have, 20)
    assert.deepEqual(await harness.json(['scrub', work.contentId], SEEDER), { checked: 20, damaged: 0, repaired: 0 })
  })

  it('is said to be damaged where nobody gives it for nothing', async () => {
    await alterSlices(harness, 'creator', work.root, [3])
    const { code, message, exit } = await harness.refusal(['scrub'], CREATOR)
    assert.deepEqual([code, exit], ['SLICE_MISSING', 1])
    assert.match(message, /1 of work\.bin/)
    assert.equal((await held('creator'))?.have, 19)
  })

  it('travels as a CAR file, and is sold from there once the node knows what it is on chain', async () => {
    const car = await harness.json<{ bytes: number; roots: string[] }>(
      ['export', work.contentId, '-o', 'w.car'],
      SEEDER,
    )
    assert.equal(car.roots[1], work.root)
    assert.equal((await harness.refusal(['export', work.root, '-o', 'w.car'], SEEDER)).code, 'BAD_INPUT')
    await truncate(harness.file('w.car'), car.bytes - 300_000)
    const { code, message } = await harness.refusal(['import', 'w.car'], { node: 'seeder-2' })
    assert.equal(code, 'BAD_INPUT')
    assert.match(message, /cut off/)
    assert.deepEqual(await harness.json(['ls'], { node: 'seeder-2' }), [])
    await harness.json(['export', work.root, '-o', 'w.car', '--force'], SEEDER)
    const imported = await harness.json<{ root: string; slices: number }>(['import', 'w.car'], { node: 'seeder-2' })
    assert.deepEqual([imported.root, imported.slices], [work.root, work.slices])
    await harness.seed('seeder-2', work.contentId)
    const [there] = await harness.json<HeldContent[]>(['ls'], { node: 'seeder-2' })
    assert.deepEqual([there?.contentId, there?.have, there?.pinned], [work.contentId, 20, true])
  })

  it('is not deleted by mistake, and deleted when told twice', async () => {
    assert.equal((await harness.refusal(['rm', work.root], SEEDER)).code, 'BAD_INPUT')
    assert.equal((await held())?.have, 20)
    await harness.json(['rm', work.root, '--force'], SEEDER)
    assert.equal(await held(), undefined)
  })
})
