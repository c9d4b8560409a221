import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { describeManifest, openStore } from './index.ts'
import type { Store } from './index.ts'

const STRIDE = 262_144
let directory = ''
const opened: Store[] = []
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-blocks-'))
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined)
  await rm(directory, { recursive: true })
})

async function start(quotaBytes = 2 ** 26): Promise<Store> {
  const store = await openStore({ directory, quotaBytes, reserveBytes: 0 })
  opened.push(store)
  return store
}

function create(store: Store, sample: Sample, { offered = false, pinned = false } = {}) {
  const content = describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid))
  return store.create({ ...content, offered, pinned })
}

/** Puts a block as it is fetched for a content. */
const fetched = (store: Store, block: Sample, { root }: Pick<Sample, 'root'>) =>
  store.blocks.put(block.manifestCid, block.manifest, { root })

describe('blocks', () => {
  it('count towards the quota, also after the store was opened again', async () => {
    const sample = await sampleContent(1000)
    const store = await start()
    await store.blocks.put(sample.manifestCid, sample.manifest)
    await store.blocks.put(sample.manifestCid, sample.manifest)
    assert.equal(store.usedBytes(), sample.manifest.length)
    await store.close()
    const again = await start()
    assert.equal(again.usedBytes(), sample.manifest.length)
    again.blocks.remove(sample.manifestCid)
    again.blocks.remove(sample.manifestCid)
    assert.equal(again.usedBytes(), 0)
  })

  it('take the place of what may go, and never of the content that they are of', async () => {
    const [old, sample] = [await sampleContent(STRIDE), await sampleContent(STRIDE)]
    const store = await start(2 * STRIDE)
    await create(store, old)
    await create(store, sample)
    await fetched(store, sample, sample)
    assert.deepEqual([store.get(old.root), store.get(sample.root)?.root], [undefined, sample.root])
    await store.close()
    const full = await start(STRIDE)
    const { manifestCid, manifest } = await sampleContent(10)
    await assert.rejects(full.blocks.put(manifestCid, manifest, { root: sample.root }), refusal('STORE_FULL'))
  })

  it('of what a stranger offered take no one’s place', async () => {
    const [kept, offered] = [await sampleContent(STRIDE), await sampleContent(STRIDE)]
    const store = await start(2 * STRIDE)
    await create(store, kept)
    await create(store, offered, { offered: true })
    await assert.rejects(fetched(store, offered, offered), refusal('STORE_FULL'))
    assert.equal(store.get(kept.root)?.root, kept.root)
  })

  it('go with the last content that they were fetched for, and are not stored once that went', async () => {
    const [one, two] = [await sampleContent(10), await sampleContent(20)]
    const store = await start()
    for (const sample of [one, two]) {
      await create(store, sample)
      await fetched(store, one, sample)
    }
    await store.remove(one.root)
    assert.deepEqual(await store.blocks.get(one.manifestCid), one.manifest)
    await store.remove(two.root)
    assert.equal(await store.blocks.get(one.manifestCid), undefined)
    await fetched(store, one, two)
    assert.equal(await store.blocks.get(one.manifestCid), undefined)
    assert.equal(store.usedBytes(), 0)
  })

  it('that the owner put here stay, whichever came first', async () => {
    const [before, after] = [await sampleContent(10), await sampleContent(20)]
    const store = await start()
    await store.blocks.put(before.manifestCid, before.manifest)
    for (const sample of [before, after]) {
      await create(store, sample)
      await fetched(store, sample, sample)
    }
    await store.blocks.put(after.manifestCid, after.manifest)
    for (const { root, manifestCid, manifest } of [before, after]) {
      await store.remove(root)
      assert.deepEqual(await store.blocks.get(manifestCid), manifest)
    }
  })

  it('of an upload’s DAG go with its content, and stay where it is uploaded again', async () => {
    const sample = await sampleContent(2 * STRIDE)
    const store = await start()
    const node = sample.nodes.at(-1)?.cid.toString() ?? assert.fail()
    for (let round = 0; round < 2; round += 1) {
      const id = await store.uploads.create({ kind: 'open', sliceCount: 2 })
      await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(id, index, slice)))
      await store.blocks.put(sample.manifestCid, sample.manifest)
      await store.uploads.commit(id, sample.manifestCid)
      assert.ok(await store.blocks.get(node))
    }
    await store.remove(sample.root)
    assert.equal(await store.blocks.get(node), undefined)
    assert.equal(store.usedBytes(), sample.manifest.length)
  })
})
