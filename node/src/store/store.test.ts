import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { describeManifest, openStore } from './index.ts'
import type { NewContent, Store, StoreOptions } from './index.ts'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'

const STRIDE = 262_144
const MIB = 1024 * 1024
let directory = ''
const opened: Store[] = []

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-store-'))
})
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close().catch(() => undefined)
  await rm(directory, { recursive: true })
})

async function start(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ directory, quotaBytes: 64 * MIB, reserveBytes: 0, ...options })
  opened.push(store)
  return store
}

const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

function newContent(sample: Sample): NewContent {
  return describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid))
}

async function upload(store: Store, sample: Sample): Promise<string> {
  const id = await store.uploads.create({ kind: 'open', sliceCount: sample.slices.length })
  await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(id, index, slice)))
  await store.blocks.put(sample.manifestCid, sample.manifest)
  return id
}

describe('store', () => {
  it('gives back what was written, after it was closed and opened again', async () => {
    const sample = await sampleContent(3 * STRIDE + 1000)
    const first = await start()
    await first.create(newContent(sample))
    for (const index of [0, 3]) await first.writeSlice(sample.root, index, sample.slices[index] ?? new Uint8Array())
    assert.deepEqual(await first.readSlice(sample.root, 3), sample.slices[3])
    assert.equal(await first.readSlice(sample.root, 1), undefined)
    await first.close()
    const second = await start()
    assert.equal(second.get(sample.root)?.have, 2)
    assert.deepEqual([...(second.has(sample.root) ?? [])], [0b1001])
    assert.deepEqual(await second.readSlice(sample.root, 0), sample.slices[0])
  })

  it('takes what came as an offer for its owner’s once the owner asks for it', async () => {
    const sample = await sampleContent(10)
    const store = await start()
    await store.create({ ...newContent(sample), offered: true })
    assert.equal((await store.create({ ...newContent(sample), offered: true })).offered, true)
    await store.create(newContent(sample))
    assert.equal(store.get(sample.root)?.offered, false)
    assert.equal((await store.create({ ...newContent(sample), offered: true })).offered, false)
  })

  it('refuses a slice of another length, and an index out of range', async () => {
    const sample = await sampleContent(STRIDE + 10)
    const store = await start()
    await store.create(newContent(sample))
    await assert.rejects(store.writeSlice(sample.root, 0, new Uint8Array(10)), refusal('BAD_INPUT'))
    await assert.rejects(store.writeSlice(sample.root, 2, new Uint8Array(10)), refusal('BAD_INPUT'))
    assert.equal(await store.readSlice(sample.root, -1), undefined)
    assert.equal(await store.readSlice(sample.root, 0.5), undefined)
  })

  it('turns a complete upload into a content of which it is the origin', async () => {
    const sample = await sampleContent(5 * STRIDE + 77)
    const store = await start()
    const id = await upload(store, sample)
    const content = await store.uploads.commit(id, sample.manifestCid)
    assert.equal(content.root, sample.root)
    assert.deepEqual([content.have, content.origin, content.title], [6, true, 'Sample'])
    assert.deepEqual(await store.readSlice(sample.root, 5), sample.slices[5])
    assert.deepEqual(await store.verify(sample.root), { checked: 6, corrupt: [] })
    await assert.rejects(store.uploads.received(id), refusal('CONTENT_UNKNOWN'))
    assert.deepEqual(await readdir(join(directory, 'uploads')), [])
  })

  it('resumes an upload after a restart and refuses to commit it with a slice missing', async () => {
    const sample = await sampleContent(3 * STRIDE)
    const first = await start()
    const id = await first.uploads.create({ kind: 'open', sliceCount: 3 })
    await first.uploads.writeSlice(id, 1, sample.slices[1] ?? new Uint8Array())
    await first.close()
    const second = await start()
    const { received, count } = await second.uploads.received(id)
    assert.deepEqual([...received, count], [0b010, 1])
    await second.blocks.put(sample.manifestCid, sample.manifest)
    await assert.rejects(second.uploads.commit(id, sample.manifestCid), refusal('SLICE_MISSING'))
  })

  it('refuses to commit bytes that have another root than the manifest', async () => {
    const [sample, other] = [await sampleContent(2 * STRIDE), await sampleContent(2 * STRIDE)]
    const store = await start()
    const id = await upload(store, other)
    await store.blocks.put(sample.manifestCid, sample.manifest)
    await assert.rejects(store.uploads.commit(id, sample.manifestCid), refusal('MANIFEST_INVALID'))
    assert.equal((await store.uploads.commit(id, other.manifestCid)).root, other.root)
  })

  it('commits the last bytes of a slice that was sent more than once, also at once and in two runs', async () => {
    const sample = await sampleContent(4 * STRIDE)
    const [wrong, slices] = [new Uint8Array(STRIDE), sample.slices]
    const first = await start()
    const id = await upload(first, { ...sample, slices: slices.map(() => wrong) })
    await first.uploads.writeSlice(id, 0, slices[0] ?? wrong)
    await first.close()
    const second = await start()
    await Promise.all(
      [1, 2, 3].flatMap((index) =>
        [wrong, slices[index] ?? wrong].map((bytes) => {
          return second.uploads.writeSlice(id, index, bytes)
        }),
      ),
    )
    const { root } = await second.uploads.commit(id, sample.manifestCid)
    assert.equal(root, sample.root)
    for (const [index, bytes] of slices.entries()) assert.deepEqual(await second.readSlice(root, index), bytes)
  })

  it('hashes what a write that began before the commit leaves', async () => {
    const sample = await sampleContent(2 * STRIDE)
    const store = await start()
    const id = await upload(store, sample)
    const late = store.uploads.writeSlice(id, 0, new Uint8Array(STRIDE))
    await assert.rejects(store.uploads.commit(id, sample.manifestCid), refusal('MANIFEST_INVALID'))
    await late
    await store.uploads.writeSlice(id, 0, sample.slices[0] ?? new Uint8Array())
    assert.equal((await store.uploads.commit(id, sample.manifestCid)).root, sample.root)
  })

  it('deletes no upload that is being committed', async () => {
    const sample = await sampleContent(2 * STRIDE)
    const store = await start()
    await store.uploads.commit(await upload(store, sample), sample.manifestCid)
    const id = await upload(store, sample)
    const committed = store.uploads.commit(id, sample.manifestCid)
    await assert.rejects(store.uploads.remove(id), refusal('BAD_INPUT'))
    assert.equal((await committed).have, 2)
    assert.deepEqual(await store.readSlice(sample.root, 1), sample.slices[1])
  })

  it('finds damaged slices, forgets them and keeps the others', async () => {
    const sample = await sampleContent(4 * STRIDE)
    const store = await start()
    await store.uploads.commit(await upload(store, sample), sample.manifestCid)
    const file = await open(join(directory, 'contents', `${sample.root}.slices`), 'r+')
    await file.write(new Uint8Array([1, 2, 3]), 0, 3, 2 * STRIDE + 5)
    await file.close()
    assert.deepEqual(await store.verify(sample.root), { checked: 4, corrupt: [2] })
    assert.equal(await store.readSlice(sample.root, 2), undefined)
    assert.equal(store.get(sample.root)?.have, 3)
  })

  it('refuses blocks that are not their CID and blocks above 1 MiB', async () => {
    const sample = await sampleContent(10)
    const store = await start()
    await assert.rejects(store.blocks.put(sample.manifestCid, new Uint8Array(5)), refusal('BAD_INPUT'))
    await assert.rejects(store.blocks.put(sample.manifestCid, new Uint8Array(MIB + 1)), refusal('BAD_INPUT'))
    assert.equal(await store.blocks.get(sample.manifestCid), undefined)
  })

  it('lets the least earning content go for a new one, never a pinned one, and else refuses with STORE_FULL', async () => {
    const [poor, rich, pinned, late] = await Promise.all([1, 2, 3, 4].map(() => sampleContent(MIB)))
    assert.ok(poor && rich && pinned && late)
    const store = await start({ quotaBytes: 3 * MIB, earned: () => new Map([[rich.root, 5n]]) })
    await store.create({ ...newContent(pinned), pinned: true })
    await store.create(newContent(rich))
    await store.create(newContent(poor))
    await store.create(newContent(late))
    const roots = store.list().map(({ root }) => root)
    assert.deepEqual(roots.sort(), [pinned.root, rich.root, late.root].sort())
    for (const { root } of store.list()) store.setPinned(root, true)
    await assert.rejects(store.create(newContent(poor)), refusal('STORE_FULL'))
  })

  it('lets the longest unused of equals go, and nothing at all where that would not be enough', async () => {
    const [old, used, own, big, late] = await Promise.all(
      [MIB, MIB, MIB, 3 * MIB, MIB].map((size) => sampleContent(size)),
    )
    assert.ok(old && used && own && big && late)
    let now = 1_700_000_000
    // Room for the blocks of what is uploaded, and for nothing more.
    const store = await start({ quotaBytes: 3 * MIB + 4096, clock: () => now })
    await store.uploads.commit(await upload(store, own), own.manifestCid)
    store.setPinned(own.root, false)
    for (const sample of [used, old]) {
      await store.create(newContent(sample))
      now += 10
    }
    now += 7200
    await store.readSlice(used.root, 0)
    await assert.rejects(store.create(newContent(big)), refusal('STORE_FULL'))
    await assert.rejects(store.create(newContent(late), { evict: false }), refusal('STORE_FULL'))
    assert.equal(store.list().length, 3)
    await store.create(newContent(late))
    const roots = store.list().map(({ root }) => root)
    assert.deepEqual(roots.sort(), [own.root, used.root, late.root].sort())
  })

  it('stays within the quota when many ask for room at once', async () => {
    const samples = await Promise.all(Array.from({ length: 6 }, () => sampleContent(MIB)))
    const store = await start({ quotaBytes: 3 * MIB })
    const asked = samples.map((sample) => store.create({ ...newContent(sample), pinned: true }))
    const uploads = [1, 2].map(() => store.uploads.create({ kind: 'open', sliceCount: 4 }))
    const settled = await Promise.allSettled([...asked, ...uploads])
    assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 3)
    assert.equal(store.usedBytes(), 3 * MIB)
  })

  it('refuses to write into the reserve of the disk', async () => {
    const sample = await sampleContent(STRIDE)
    const store = await start({ reserveBytes: 2 ** 50 })
    await store.create(newContent(sample))
    await assert.rejects(store.writeSlice(sample.root, 0, sample.slices[0] ?? new Uint8Array()), refusal('STORE_FULL'))
  })

  it('belongs to one owner at a time', async () => {
    const store = await start()
    await assert.rejects(start(), refusal('STORE_LOCKED'))
    await store.close()
    await start()
  })

  it('removes files that no row refers to', async () => {
    await (await start()).close()
    await writeFile(join(directory, 'contents', 'bafkstray.slices'), 'x')
    await start()
    assert.deepEqual(await readdir(join(directory, 'contents')), [])
  })

  it('serves a slice to readers while its content is removed, and leaves no file behind', async () => {
    const sample = await sampleContent(8 * STRIDE)
    const store = await start()
    await store.uploads.commit(await upload(store, sample), sample.manifestCid)
    const reads = sample.slices.map((_, index) => store.readSlice(sample.root, index))
    await store.remove(sample.root)
    for (const [index, slice] of (await Promise.all(reads)).entries()) assert.deepEqual(slice, sample.slices[index])
    assert.equal(await store.readSlice(sample.root, 0), undefined)
    assert.deepEqual(await readdir(join(directory, 'contents')), [])
  })
})

describe('a store whose process is killed', () => {
  it('keeps every slice that it called durable, unlocks, and finds nothing damaged', async () => {
    const sample = await sampleContent(40 * STRIDE)
    const setUp = await start()
    await setUp.create(newContent(sample))
    for (const { cid, bytes } of sample.nodes) await setUp.blocks.put(cid.toString(), bytes)
    await setUp.close()
    await writeFile(join(directory, 'sample.bin'), Buffer.concat(sample.slices))

    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, '../testing/write-until-killed.ts'), directory, sample.root],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let durable = 0
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (lines: Buffer) => {
        durable = Math.max(durable, ...lines.toString().trim().split('\n').map(Number))
        if (durable >= 10) resolve()
      })
    })
    await assert.rejects(start(), refusal('STORE_LOCKED'))
    child.kill('SIGKILL')
    await once(child, 'exit')

    const store = await start()
    assert.ok((store.get(sample.root)?.have ?? 0) >= durable)
    assert.deepEqual((await store.verify(sample.root)).corrupt, [])
    for (let index = 0; index < durable; index += 1) {
      assert.deepEqual(await store.readSlice(sample.root, index), sample.slices[index])
    }
  })
})
