import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { DatabaseSync } from 'node:sqlite'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import fc from 'fast-check'
import { createCleanup } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { describeManifest, hasBit, openStore } from './index.ts'
import type { Bitfield, Store } from './index.ts'

const STRIDE = 262_144
const SLICES = 12
const cleanup = createCleanup()
let root = ''
let sample: Sample
let images = 0

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-recovery-'))
  cleanup.add(() => rm(root, { recursive: true }))
  sample = await sampleContent((SLICES - 1) * STRIDE + 1234)
})
after(() => cleanup.run())

const slice = (index: number): Uint8Array => sample.slices[index] ?? new Uint8Array()
const slicesOf = (directory: string): string => join(directory, 'contents', `${sample.root}.slices`)
const startIn = (directory: string): Promise<Store> => openStore({ directory, quotaBytes: 2 ** 30, reserveBytes: 0 })

async function startWithContent(directory: string): Promise<Store> {
  const store = await startIn(directory)
  await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
  for (const { cid, bytes } of sample.nodes) await store.blocks.put(cid.toString(), bytes)
  return store
}

/** What a power cut leaves of a directory in use: the database first, since a bit is never older than its slice. */
async function imageOf(directory: string): Promise<string> {
  const image = join(root, `image-${(images += 1)}`)
  await mkdir(join(image, 'contents'), { recursive: true })
  for (const name of ['node.db', 'node.db-wal']) await cp(join(directory, name), join(image, name))
  await cp(slicesOf(directory), slicesOf(image)).catch(() => undefined)
  return image
}

/** The bits in an image's database, which nobody has open. */
function durableBits(image: string, change?: (bits: Bitfield) => Bitfield): Bitfield {
  const database = new DatabaseSync(join(image, 'node.db'))
  try {
    const bits = new Uint8Array(database.prepare('SELECT bits FROM contents').get()?.['bits'] as Uint8Array)
    if (change !== undefined) database.prepare('UPDATE contents SET bits = ?').run(change(bits))
    return bits
  } finally {
    database.close()
  }
}

/** How one slice that was not synced yet may look after a crash. */
type Tear = 'lost' | 'zeroed' | 'garbled' | 'half'

async function tear(image: string, index: number, how: Tear): Promise<void> {
  const file = await open(slicesOf(image), 'r+').catch(() => open(slicesOf(image), 'w+'))
  const { length } = slice(index)
  try {
    if (how === 'lost') return
    const bytes = how === 'zeroed' ? new Uint8Array(length) : slice(index).map((byte) => byte ^ 0x5a)
    await file.write(bytes, 0, how === 'half' ? length >> 1 : length, index * STRIDE)
  } finally {
    await file.close()
  }
}

/** Everything that a store serves is the content's; what it does not serve can be written again, and then it is whole. */
async function assertHonest(store: Store): Promise<number> {
  let served = 0
  for (let index = 0; index < SLICES; index += 1) {
    const bytes = await store.readSlice(sample.root, index)
    if (bytes === undefined) await store.writeSlice(sample.root, index, slice(index))
    else {
      assert.deepEqual(bytes, slice(index), `slice ${index}`)
      served += 1
    }
  }
  await store.sync(sample.root)
  assert.deepEqual(await store.verify(sample.root), { checked: SLICES, corrupt: [] })
  return served
}

const indexes = fc.integer({ min: 0, max: SLICES - 1 })
const steps = fc.array(fc.oneof(indexes, fc.constant('sync' as const)), { minLength: 1, maxLength: 20 })
const tears = fc.array(fc.constantFrom<Tear>('lost', 'zeroed', 'garbled', 'half'), {
  minLength: SLICES,
  maxLength: SLICES,
})

describe('a store after a power cut', () => {
  it('serves what was synced, loses the last batch at most, and nothing torn is taken for a slice', async () => {
    await fc.assert(
      fc.asyncProperty(steps, tears, async (writes, damage) => {
        const directory = await mkdtemp(join(root, 'run-'))
        const store = await startWithContent(directory)
        const [synced, pending] = [new Set<number>(), new Set<number>()]
        for (const step of writes) {
          if (step === 'sync') {
            await store.sync(sample.root)
            for (const index of pending) synced.add(index)
            pending.clear()
          } else if (!synced.has(step)) {
            await store.writeSlice(sample.root, step, slice(step))
            pending.add(step)
          }
        }
        const image = await imageOf(directory)
        await store.close()
        const durable = durableBits(image)
        for (const index of synced) assert.ok(hasBit(durable, index), `slice ${index} was synced`)
        for (let index = 0; index < SLICES; index += 1) {
          if (!hasBit(durable, index)) await tear(image, index, damage[index] ?? 'lost')
        }
        const reopened = await startIn(image)
        assert.deepEqual(reopened.has(sample.root), durable)
        const missing = Array.from({ length: SLICES }, (_, index) => index).filter((index) => !hasBit(durable, index))
        assert.equal(await assertHonest(reopened), SLICES - missing.length)
        for (const index of missing) assert.ok(!synced.has(index), `slice ${index} is fetched again`)
        await reopened.close()
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  it('serves nothing wrong even where the disk lied about what it had synced, or the bitfield is damaged', async () => {
    const flips = fc.array(fc.nat({ max: (SLICES - 1) * STRIDE }), { maxLength: 6 })
    const end = fc.option(fc.nat({ max: SLICES * STRIDE }), { nil: undefined })
    const bitfield = fc.uint8Array({ maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(indexes), flips, end, bitfield, async (held, positions, cut, garbage) => {
        const directory = await mkdtemp(join(root, 'run-'))
        const store = await startWithContent(directory)
        for (const index of held) await store.writeSlice(sample.root, index, slice(index))
        const image = await imageOf(directory)
        await store.close()
        const file = await open(slicesOf(image), 'a+').then(async (made) => {
          await made.close()
          return open(slicesOf(image), 'r+')
        })
        for (const position of positions) await file.write(new Uint8Array([7, 7, 7]), 0, 3, position)
        if (cut !== undefined) await file.truncate(cut)
        await file.close()
        durableBits(image, () => garbage)
        const reopened = await startIn(image)
        assert.ok((reopened.get(sample.root)?.have ?? 0) <= SLICES)
        // Only a content that was being written to is in doubt; a store at rest is scrubbed instead.
        if (held.length > 0) await assertHonest(reopened)
        await reopened.close()
      }),
      { numRuns: 15, endOnFailure: true },
    )
  })

  it('forgets slices behind the end of a file that is shorter than its bitfield says', async () => {
    const directory = await mkdtemp(join(root, 'run-'))
    const store = await startWithContent(directory)
    for (let index = 0; index < SLICES; index += 1) await store.writeSlice(sample.root, index, slice(index))
    await store.close()
    const file = await open(slicesOf(directory), 'r+')
    await file.truncate(7 * STRIDE + 5)
    await file.close()
    const reopened = await startIn(directory)
    assert.equal(reopened.get(sample.root)?.have, 7)
    assert.equal(await assertHonest(reopened), 7)
    await reopened.close()
  })
})

describe('what a killed process had written without noting it', () => {
  /** A directory as `kill -9` leaves it: all slices but the torn ones are written, and none is noted. */
  async function killedWith(torn: Readonly<Record<number, Tear>>): Promise<string> {
    const directory = await mkdtemp(join(root, 'run-'))
    const store = await startWithContent(directory)
    for (let index = 0; index < SLICES; index += 1) await store.writeSlice(sample.root, index, slice(index))
    const image = await imageOf(directory)
    await store.close()
    durableBits(image, () => new Uint8Array(Math.ceil(SLICES / 8)))
    for (const [index, how] of Object.entries(torn)) {
      if (how === 'lost') await punch(image, Number(index))
      else await tear(image, Number(index), how)
    }
    return image
  }

  async function punch(image: string, index: number): Promise<void> {
    const file = await open(slicesOf(image), 'r+')
    await file.write(new Uint8Array(slice(index).length), 0, slice(index).length, index * STRIDE)
    await file.close()
  }

  const missingOf = (store: Store): number[] => {
    const bits = store.has(sample.root) ?? new Uint8Array()
    return Array.from({ length: SLICES }, (_, index) => index).filter((index) => !hasBit(bits, index))
  }

  it('is found again, torn slices and holes left out, and kept for good', async () => {
    const image = await killedWith({ 2: 'garbled', 5: 'lost', 7: 'half' })
    const store = await startIn(image)
    assert.equal(store.get(sample.root)?.have, 0)
    assert.equal((await store.salvage(sample.root)).have, SLICES - 3)
    assert.deepEqual(missingOf(store), [2, 5, 7])
    assert.equal(await assertHonest(store), SLICES - 3)
    await store.close()
    const again = await startIn(image)
    assert.deepEqual(missingOf(again), [])
    await again.close()
  })

  it('is still looked for after a start that did not ask for it', async () => {
    const image = await killedWith({ 0: 'garbled' })
    await (await startIn(image)).close()
    const store = await startIn(image)
    assert.equal((await store.salvage(sample.root)).have, SLICES - 1)
    await store.close()
  })

  it('is left alone once the search is given up or the content removed', async () => {
    const image = await killedWith({})
    const store = await startIn(image)
    await assert.rejects(store.salvage(sample.root, { signal: AbortSignal.abort(new Error('given up')) }), /given up/)
    assert.equal(store.get(sample.root)?.have, 0)
    const searching = store.salvage(sample.root)
    await store.remove(sample.root)
    await searching
    assert.deepEqual(await readdir(join(image, 'contents')), [])
    await store.close()
  })
})

describe('a store whose process is killed again and again', () => {
  it('never serves a torn slice, and keeps every one that was durable', async () => {
    const directory = await mkdtemp(join(root, 'run-'))
    await (await startWithContent(directory)).close()
    await writeFile(join(directory, 'sample.bin'), Buffer.concat(sample.slices))
    const script = join(import.meta.dirname, '../testing/write-until-killed.ts')
    for (const lines of [1, 2, 4]) {
      const child = spawn(process.execPath, [script, directory, sample.root], { stdio: ['ignore', 'pipe', 'inherit'] })
      let told = 0
      for await (const chunk of child.stdout) {
        told += String(chunk).trim().split('\n').length
        if (told >= lines) break
      }
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      const durable = durableBits(directory)
      assert.ok(hasBit(durable, 0) && hasBit(durable, 4), 'what the process called durable')
      for (let index = 0; index < SLICES; index += 1) {
        if (!hasBit(durable, index)) await tear(directory, index, 'half')
      }
      const store = await startIn(directory)
      assert.deepEqual(store.has(sample.root), durable)
      await assertHonest(store)
      await store.remove(sample.root)
      await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
      await store.close()
    }
  })
})
