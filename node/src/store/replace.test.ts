import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { createCleanup } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { describeManifest, openStore } from './index.ts'
import type { Store } from './index.ts'

const STRIDE = 262_144
const REGISTRATION = { contentId: `0x${'c1'.repeat(32)}`, version: 3 } as const
const cleanup = createCleanup()
let root = ''
let sample: Sample

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-replace-'))
  cleanup.add(() => rm(root, { recursive: true }))
  sample = await sampleContent(2 * STRIDE + 100)
})
after(() => cleanup.run())

type Opened = Awaited<ReturnType<typeof openStore>>
const startIn = (directory: string): Promise<Opened> => openStore({ directory, quotaBytes: 2 ** 30, reserveBytes: 0 })

/** A store with one slice of a content that is registered, pinned and wanted twice, and with a whole upload of the same root. */
async function prepare(): Promise<{ directory: string; store: Opened; upload: string }> {
  const directory = await mkdtemp(join(root, 'run-'))
  const store = await startIn(directory)
  await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
  await store.writeSlice(sample.root, 0, sample.slices[0] ?? assert.fail())
  store.register(sample.root, REGISTRATION)
  store.setPinned(sample.root, true)
  store.setReplicas(sample.root, 2)
  const upload = await store.uploads.create({ kind: 'open', sliceCount: sample.slices.length })
  await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(upload, index, slice)))
  await store.blocks.put(sample.manifestCid, sample.manifest)
  return { directory, store, upload }
}

/** Has a child commit the upload and die before a step; its code is zero where it came to the end before. */
async function commitUntil(directory: string, upload: string, step: number): Promise<number | null> {
  const script = join(import.meta.dirname, '../testing/commit-until-killed.ts')
  const args = [script, directory, upload, sample.manifestCid, String(step)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

/** What was said of the content stands, and it is either as before, with the upload to commit, or the upload. */
async function assertEither(directory: string, upload: string): Promise<'before' | 'after'> {
  const store = await startIn(directory)
  try {
    const content = store.get(sample.root)
    const { contentId, version, pinned, replicas, have, origin } = content ?? assert.fail('The content is lost.')
    assert.deepEqual({ contentId, version, pinned, replicas }, { ...REGISTRATION, pinned: true, replicas: 2 })
    if (!origin) {
      assert.equal(have, 1)
      assert.deepEqual(await store.readSlice(sample.root, 0), sample.slices[0])
      await store.uploads.commit(upload, sample.manifestCid)
    }
    assert.deepEqual(await store.verify(sample.root), { checked: sample.slices.length, corrupt: [] })
    assert.equal(store.get(sample.root)?.have, sample.slices.length)
    await assert.rejects(store.uploads.received(upload), /no such upload/)
    for (const { cid, bytes } of sample.nodes) assert.deepEqual(await store.blocks.get(cid.toString()), bytes)
    assert.equal((await readdir(join(directory, 'contents'))).length, 1)
    assert.deepEqual(await readdir(join(directory, 'uploads')), [])
    return origin ? 'after' : 'before'
  } finally {
    await store.close()
  }
}

const sizes = () => ({
  sampleBytes: sample.byteLength,
  nodeBytes: sample.nodes.reduce((total, { bytes }) => total + bytes.length, 0),
})

const nodesIn = async (store: Store): Promise<number> => {
  const found = await Promise.all(sample.nodes.map(({ cid }) => store.blocks.get(cid.toString())))
  return found.filter((block) => block !== undefined).length
}

describe('an upload that takes the place of a content', () => {
  it('is it or leaves it as it was, with what was said of it, wherever the process is killed', async () => {
    const { directory: template, store, upload } = await prepare()
    await store.close()
    const states: string[] = []
    for (let step = 0, code: number | null = null; code !== 0; step += 1) {
      const directory = join(root, `step-${step}`)
      await cp(template, directory, { recursive: true })
      code = await commitUntil(directory, upload, step)
      states.push(await assertEither(directory, upload))
      await rm(directory, { recursive: true })
    }
    assert.ok(states.length > 6, `${states.length} steps`)
    // Once it is the upload it stays that: there is one step that decides.
    const first = states.indexOf('after')
    assert.ok(first > 0)
    assert.deepEqual(
      states.map((_, step) => (step < first ? 'before' : 'after')),
      states,
    )
  })

  it('takes it once more, and then from the start', async () => {
    const { directory, store, upload } = await prepare()
    await store.uploads.commit(upload, sample.manifestCid)
    const again = await store.uploads.create({ kind: 'open', sliceCount: sample.slices.length })
    await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(again, index, slice)))
    const content = await store.uploads.commit(again, sample.manifestCid)
    assert.deepEqual([content.contentId, content.have], [REGISTRATION.contentId, sample.slices.length])
    await store.close()
    assert.equal(await assertEither(directory, again), 'after')
  })

  it('leaves it as it was where the database refuses its row, and none of its blocks', async () => {
    const { directory, store, upload } = await prepare()
    const before = store.get(sample.root)
    store.database.exec("CREATE TRIGGER full BEFORE INSERT ON contents BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    await assert.rejects(store.uploads.commit(upload, sample.manifestCid), /disk full/)
    store.database.exec('DROP TRIGGER full')
    assert.deepEqual(store.get(sample.root), before)
    assert.equal(await nodesIn(store), 0)
    assert.deepEqual(await store.readSlice(sample.root, 0), sample.slices[0])
    await store.writeSlice(sample.root, 1, sample.slices[1] ?? assert.fail())
    await store.sync(sample.root)
    assert.equal(store.get(sample.root)?.have, 2)
    await store.uploads.commit(upload, sample.manifestCid)
    await store.close()
    assert.equal(await assertEither(directory, upload), 'after')
  })

  it('lets nothing of it go for its own blocks', async () => {
    const { sampleBytes, nodeBytes } = sizes()
    const quotaBytes = sampleBytes + sample.slices.length * STRIDE + sample.manifest.length + nodeBytes - 1
    const store = await openStore({ directory: await mkdtemp(join(root, 'run-')), quotaBytes, reserveBytes: 0 })
    await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
    store.register(sample.root, REGISTRATION)
    const upload = await store.uploads.create({ kind: 'open', sliceCount: sample.slices.length })
    await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(upload, index, slice)))
    await store.blocks.put(sample.manifestCid, sample.manifest)
    await assert.rejects(store.uploads.commit(upload, sample.manifestCid), /no room/)
    assert.equal(store.get(sample.root)?.contentId, REGISTRATION.contentId)
    await store.close()
  })

  it('counts it until the upload is there, and not both', async () => {
    const { store, upload } = await prepare()
    const [before, seen] = [store.usedBytes(), Array<number>()]
    store.database.function('look', () => seen.push(store.usedBytes()))
    store.database.exec('CREATE TRIGGER watched BEFORE INSERT ON contents BEGIN SELECT look(); END')
    await store.uploads.commit(upload, sample.manifestCid)
    const { nodeBytes } = sizes()
    assert.deepEqual(seen, [before + nodeBytes])
    assert.equal(store.usedBytes(), before + nodeBytes - sample.slices.length * STRIDE)
    await store.close()
  })

  it('leaves it distrusted where the disk fails before the database refuses its row', async (test) => {
    const { directory, store, upload } = await prepare()
    await store.sync(sample.root)
    const handle = await open(join(root, 'probe'), 'w')
    const prototype = Object.getPrototypeOf(handle) as FileHandle
    await handle.close()
    test.mock.method(prototype, 'datasync', () => Promise.reject(new Error('EIO')), { times: 1 })
    await store.writeSlice(sample.root, 1, sample.slices[1] ?? assert.fail())
    store.database.exec("CREATE TRIGGER full BEFORE INSERT ON contents BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    await assert.rejects(store.uploads.commit(upload, sample.manifestCid), /disk full/)
    store.database.exec('DROP TRIGGER full')
    await assert.rejects(store.writeSlice(sample.root, 2, sample.slices[2] ?? assert.fail()), /damaged/)
    await store.close()
    assert.equal(await assertEither(directory, upload), 'before')
  })
})

describe('the blocks of an upload that is not committed', () => {
  it('go where its root is another than the manifest names, but those that were here before', async () => {
    const [store, other] = [await startIn(await mkdtemp(join(root, 'run-'))), await sampleContent(2 * STRIDE + 100)]
    const upload = await store.uploads.create({ kind: 'open', sliceCount: other.slices.length })
    await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(upload, index, slice)))
    await store.blocks.put(other.manifestCid, other.manifest)
    const used = store.usedBytes()
    await assert.rejects(store.uploads.commit(upload, other.manifestCid), /another root/)
    assert.deepEqual([await nodesIn(store), store.usedBytes()], [0, used])
    const { cid, bytes } = sample.nodes[0] ?? assert.fail()
    await store.blocks.put(cid.toString(), bytes)
    await assert.rejects(store.uploads.commit(upload, other.manifestCid), /another root/)
    assert.deepEqual(await store.blocks.get(cid.toString()), bytes)
    await store.close()
  })

  it('go at the start after a process that was killed over it', async () => {
    const { directory, store, upload } = await prepare()
    await store.close()
    const database = new DatabaseSync(join(directory, 'node.db'))
    for (const { cid, bytes } of sample.nodes) {
      database.prepare('INSERT INTO blocks (cid, bytes) VALUES (?, ?)').run(cid.toString(), bytes)
      database.prepare('INSERT INTO block_uses (root, cid) VALUES (?, ?)').run(upload, cid.toString())
    }
    database.close()
    const again = await startIn(directory)
    assert.equal(await nodesIn(again), 0)
    assert.deepEqual(await again.blocks.get(sample.manifestCid), sample.manifest)
    await again.uploads.commit(upload, sample.manifestCid)
    assert.equal(await nodesIn(again), sample.nodes.length)
    await again.remove(sample.root)
    assert.equal(await nodesIn(again), 0)
    await again.close()
  })
})
