import assert from 'node:assert/strict'
import { after, beforeEach, describe, it } from 'node:test'
import { CarReader, CarWriter } from '@ipld/car'
import { isSluiceError } from '@sluice/sdk'
import { LEAF_BYTES, parseCid, RAW, cidOf } from '@sluice/sdk/content'
import { exporter } from 'ipfs-unixfs-exporter'
import fc from 'fast-check'
import type { CID } from 'multiformats/cid'
import { createCleanup, startStore } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { exportCar, importCar } from './index.ts'
import type { Store } from './index.ts'

type Block = { readonly cid: CID; readonly bytes: Uint8Array }

const cleanup = createCleanup()
let store: Store
beforeEach(async () => {
  store = await startStore(cleanup)
})
after(() => cleanup.run())

const refused = (words: RegExp) => (error: unknown) => isSluiceError(error, 'BAD_INPUT') && words.test(error.message)

async function* pieces(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return new Uint8Array(Buffer.concat(all))
}

async function write(roots: CID[], blocks: readonly Block[]): Promise<Uint8Array> {
  const { writer, out } = CarWriter.create(roots)
  const written = (async () => {
    for (const block of blocks) await writer.put(block)
    await writer.close()
  })()
  const car = await collect(out)
  await written
  return car
}

/** What a CAR of a sample of one node holds, in its order. */
async function blocksOf(sample: Sample): Promise<Block[]> {
  const leaves = sample.slices.map(async (bytes) => ({ cid: await cidOf(RAW, bytes), bytes }))
  return [
    { cid: parseCid(sample.manifestCid), bytes: sample.manifest },
    ...sample.nodes,
    ...(await Promise.all(leaves)),
  ]
}

const rootsOf = (sample: Sample): CID[] => [parseCid(sample.manifestCid), parseCid(sample.root)]

/** Nothing of a content is left in the store. */
async function assertNothing(sample: Sample): Promise<void> {
  assert.deepEqual(store.list(), [])
  assert.equal(store.usedBytes(), 0)
  for (const cid of [sample.manifestCid, ...sample.nodes.map((node) => node.cid.toString())]) {
    assert.equal(await store.blocks.get(cid), undefined)
  }
}

describe('CAR files', () => {
  for (const access of ['open', 'sealed'] as const) {
    it(`give ${access} content back in another store, byte for byte`, async () => {
      const sample = await sampleContent(5 * LEAF_BYTES + 77, access)
      const car = await write(rootsOf(sample), await blocksOf(sample))
      const content = await importCar(store, pieces(car))
      assert.deepEqual([content.root, content.have, content.pinned, content.origin], [sample.root, 6, true, false])
      assert.equal(content.chainKind, access)
      assert.deepEqual(await store.verify(sample.root), { checked: 6, corrupt: [] })
      assert.deepEqual(await collect(exportCar(store, sample.root)), car)
      const other = await startStore(cleanup)
      await importCar(other, exportCar(store, sample.root))
      assert.deepEqual(await other.readSlice(sample.root, 5), sample.slices[5])
    })
  }

  it('are read by other IPFS tools: roots, blocks, and the file itself', async () => {
    const sample = await sampleContent(3 * LEAF_BYTES + 1)
    await importCar(store, pieces(await write(rootsOf(sample), await blocksOf(sample))))
    const reader = await CarReader.fromIterable(exportCar(store, sample.root))
    assert.deepEqual((await reader.getRoots()).map(String), [sample.manifestCid, sample.root])
    const get = async function* (cid: CID): AsyncGenerator<Uint8Array> {
      const block = await reader.get(cid)
      assert.ok(block)
      yield block.bytes
    }
    const entry = await exporter(parseCid(sample.root), { get })
    assert.ok(entry.type === 'file')
    assert.deepEqual(await collect(entry.content()), new Uint8Array(Buffer.concat(sample.slices)))
  })

  it('are taken of a bare UnixFS file, and without blocks that were there before', async () => {
    const zeroes = await sampleContent(4 * LEAF_BYTES, 'open', new Uint8Array(4 * LEAF_BYTES))
    const [, root, leaf] = await blocksOf(zeroes)
    assert.ok(root && leaf)
    const content = await importCar(store, pieces(await write([root.cid], [root, leaf])))
    assert.deepEqual([content.root, content.manifestCid, content.have], [zeroes.root, zeroes.root, 4])
    assert.deepEqual(await store.readSlice(zeroes.root, 3), new Uint8Array(LEAF_BYTES))
    const tiny = await sampleContent(10)
    const [, only] = await blocksOf(tiny)
    assert.ok(only)
    assert.equal((await importCar(store, pieces(await write([only.cid], [only])))).byteLength, 10)
  })

  it('are refused where they are cut off, at any byte, and nothing of them stays', async () => {
    const sample = await sampleContent(2 * LEAF_BYTES + 500)
    const car = await write(rootsOf(sample), await blocksOf(sample))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: car.length - 1 }), async (length) => {
        await assert.rejects(importCar(store, pieces(car.subarray(0, length))), refused(/cut off|no blocks/))
        await assertNothing(sample)
      }),
      { numRuns: 40, endOnFailure: true, examples: [[0], [1], [car.length - 500], [car.length - 1]] },
    )
  })

  it('are refused where any bit is another, and nothing of them stays', async () => {
    const sample = await sampleContent(LEAF_BYTES + 500)
    const car = await write(rootsOf(sample), await blocksOf(sample))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: car.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
        const damaged = car.slice()
        damaged[at] = (damaged[at] ?? 0) ^ mask
        await assert.rejects(importCar(store, pieces(damaged, 1000)), isSluiceError)
        await assertNothing(sample)
      }),
      { numRuns: 60, endOnFailure: true },
    )
  })

  it('are refused with blocks too many, out of order, of other contents or of another kind', async () => {
    const [sample, other] = [await sampleContent(2 * LEAF_BYTES), await sampleContent(2 * LEAF_BYTES)]
    const [manifest, root, first, second] = await blocksOf(sample)
    const [otherManifest, , stray] = await blocksOf(other)
    assert.ok(manifest && root && first && second && stray && otherManifest)
    const roots = rootsOf(sample)
    const refusals: [CID[], Block[], RegExp][] = [
      [roots, [manifest, root, first, second, stray], /is not where/],
      [roots, [manifest, root, second, first], /is not where/],
      [roots, [manifest, first, second, root], /cut off, or not in depth-first order/],
      [roots, [manifest, root, stray, second], /is not where/],
      [roots, [root, manifest, first, second], /first block/],
      [[manifest.cid, stray.cid], [manifest, root, first, second], /second root/],
      [[...roots, ...roots], [manifest, root, first, second], /4 roots/],
      [[], [manifest, root, first, second], /0 roots/],
      [roots, [{ cid: manifest.cid, bytes: otherManifest.bytes }, root, first, second], /has other bytes/],
    ]
    for (const [heads, blocks, words] of refusals) {
      await assert.rejects(importCar(store, pieces(await write(heads, blocks))), refused(words))
      await assertNothing(sample)
    }
  })

  it('are refused by a length before it is read, however long, short or negative', async () => {
    const sample = await sampleContent(LEAF_BYTES + 1)
    const head = await write(rootsOf(sample), [])
    const hostile = [
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f),
      new Uint8Array([...head, 0xff, 0xff, 0xff, 0xff, 0x7f, ...parseCid(sample.root).bytes]),
      new Uint8Array([...head, 5, ...parseCid(sample.root).bytes, ...new Uint8Array(64)]),
      new Uint8Array([...head, 0]),
      new Uint8Array([...head, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]),
      new TextEncoder().encode('not a CAR at all, but some text that is long enough'),
    ]
    for (const bytes of hostile) await assert.rejects(importCar(store, pieces(bytes)), refused(/cannot be imported/))
    await assertNothing(sample)
  })

  it('let nothing go for their sake, and keep what was here of a content before', async () => {
    const sample = await sampleContent(2 * LEAF_BYTES)
    const blocks = await blocksOf(sample)
    await importCar(store, pieces(await write(rootsOf(sample), blocks)))
    await assert.rejects(
      importCar(store, pieces(await write(rootsOf(sample), blocks.slice(0, 2).concat(blocks)))),
      refused(/is not where/),
    )
    assert.equal(store.get(sample.root)?.have, 2)
    assert.deepEqual(await store.blocks.get(sample.manifestCid), sample.manifest)
  })

  it('are not written of what is not whole, and break off at a damaged slice', async () => {
    const sample = await sampleContent(2 * LEAF_BYTES)
    await importCar(store, pieces(await write(rootsOf(sample), await blocksOf(sample))))
    assert.throws(
      () => exportCar(store, parseCid(sample.manifestCid).toString()),
      (error) => isSluiceError(error, 'CONTENT_UNKNOWN'),
    )
    await store.writeSlice(sample.root, 1, new Uint8Array(LEAF_BYTES))
    await assert.rejects(collect(exportCar(store, sample.root)), (error) => isSluiceError(error, 'SLICE_CORRUPT'))
    await store.verify(sample.root)
    assert.throws(
      () => exportCar(store, sample.root),
      (error) => isSluiceError(error, 'SLICE_MISSING'),
    )
  })
})
