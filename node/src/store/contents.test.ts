import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { describeManifest, openStore } from './index.ts'
import type { Store } from './index.ts'

const STRIDE = 262_144
let directory = ''
const opened: Store[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-contents-'))
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined)
  await rm(directory, { recursive: true })
})

async function start(): Promise<Store> {
  const store = await openStore({ directory, quotaBytes: 2 ** 26, reserveBytes: 0 })
  opened.push(store)
  return store
}

const create = (store: Store, sample: Sample) =>
  store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))

const write = (store: Store, { root, slices }: Sample, index: number) =>
  store.writeSlice(root, index, slices[index] ?? assert.fail())

/** What a store says of a sample after it was closed and opened again. */
async function reopened(store: Store, { root }: Sample) {
  await store.close()
  const again = await start()
  return { again, have: again.get(root)?.have }
}

describe('a content that is removed and created at once', () => {
  it('is there, with what was written to it, and nothing of the one before', async () => {
    const sample = await sampleContent(3 * STRIDE)
    const store = await start()
    await create(store, sample)
    await write(store, sample, 0)
    const [, created] = await Promise.all([store.remove(sample.root), create(store, sample)])
    assert.equal(created.have, 0)
    await write(store, sample, 1)
    await store.sync(sample.root)
    const { again, have } = await reopened(store, sample)
    assert.equal(have, 1)
    assert.deepEqual(await again.readSlice(sample.root, 1), sample.slices[1])
  })

  it('is created once and for all of those who wait for it', async () => {
    const sample = await sampleContent(STRIDE)
    const store = await start()
    await create(store, sample)
    await Promise.all([store.remove(sample.root), create(store, sample), create(store, sample)])
    await write(store, sample, 0)
    await Promise.all([create(store, sample), create(store, sample)])
    assert.equal(store.get(sample.root)?.have, 1)
  })

  it('does not lose its file to a slice that was on its way to the one before', async () => {
    const sample = await sampleContent(4 * STRIDE)
    const store = await start()
    await create(store, sample)
    const late = sample.slices.map((_, index) => write(store, sample, index))
    const removed = store.remove(sample.root)
    await create(store, sample)
    await write(store, sample, 2)
    await Promise.all([...late, removed])
    await store.sync(sample.root)
    assert.equal(store.get(sample.root)?.have, 1)
    assert.deepEqual(await readdir(join(directory, 'contents')), [`${sample.root}.slices`])
    assert.equal((await reopened(store, sample)).have, 1)
  })

  it('is the upload where one is committed under the same root meanwhile', async () => {
    const sample = await sampleContent(2 * STRIDE)
    const store = await start()
    const id = await store.uploads.create({ kind: 'open', sliceCount: 2 })
    await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(id, index, slice)))
    await store.blocks.put(sample.manifestCid, sample.manifest)
    await create(store, sample)
    const uploaded = store.uploads.commit(id, sample.manifestCid)
    const removed = store.remove(sample.root)
    await Promise.all([uploaded, removed, create(store, sample)])
    assert.deepEqual([store.get(sample.root)?.have, store.get(sample.root)?.origin], [2, true])
  })

  it('leaves neither row nor file where it is only removed while slices are on their way', async () => {
    const sample = await sampleContent(4 * STRIDE)
    const store = await start()
    await create(store, sample)
    const late = sample.slices.map((_, index) => write(store, sample, index))
    await Promise.all([store.remove(sample.root), ...late])
    assert.deepEqual(await readdir(join(directory, 'contents')), [])
    assert.equal((await reopened(store, sample)).have, undefined)
  })
})
