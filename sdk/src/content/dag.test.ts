import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { exporter } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import type { BufferImporterResult } from 'ipfs-unixfs-importer'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import type { CID } from 'multiformats/cid'
import { encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { isSluiceError } from '../errors.ts'
import { sha256 } from './bytes.ts'
import { cidOf, cidOfDigest, DAG_PB, RAW } from './cid.ts'
import { LEAF_BYTES } from './constants.ts'
import { createDagBuilder } from './dag-builder.ts'
import { createDagReader } from './dag-reader.ts'
import { collect, pattern } from './fixtures.ts'

const refusedNode = (error: unknown): boolean => isSluiceError(error, 'MANIFEST_INVALID')
const RAW_FILE = new UnixFS({ type: 'raw' })
const NO_BYTES = new Uint8Array(0)
/** A stand-in for the digest of leaf `index`. */
const digestAt = (index: number): Uint8Array => {
  const digest = new Uint8Array(32)
  new DataView(digest.buffer).setUint32(0, index)
  return digest
}

class Blocks extends Map<string, Uint8Array> {
  readonly add = async (cid: CID, bytes: Uint8Array): Promise<void> => void this.set(cid.toString(), bytes)
  readonly fetch = async (cid: CID): Promise<Uint8Array> => {
    const bytes = this.get(cid.toString())
    if (bytes === undefined) throw new Error(`no block ${cid}`)
    return bytes
  }
  async *read(cid: CID): AsyncGenerator<Uint8Array> {
    yield await this.fetch(cid)
  }
}

async function build(leafCount: number, lastSize = LEAF_BYTES): Promise<{ root: CID; blocks: Blocks }> {
  const blocks = new Blocks()
  const builder = createDagBuilder(blocks.add)
  for (let index = 0; index < leafCount; index += 1) {
    await builder.addLeaf(digestAt(index), index === leafCount - 1 ? lastSize : LEAF_BYTES)
  }
  return { root: await builder.finish(), blocks }
}

async function importerRoot(bytes: Uint8Array, store: Blocks): Promise<CID | undefined> {
  const put = async (cid: CID, block: Uint8Array): Promise<CID> => {
    await store.add(cid, block)
    return cid
  }
  const layout = balanced({ maxChildrenPerNode: 1024 })
  const options = { rawLeaves: true, cidVersion: 1, chunker: fixedSize({ chunkSize: LEAF_BYTES }), layout } as const
  const entries = await collect(importer([{ content: bytes }], { put }, options))
  return entries[0]?.cid
}

/** Lets the importer lay out leaves that are known by hash alone. */
async function importerRootOfHashes(leafCount: number, lastSize: number): Promise<CID | undefined> {
  async function* bufferImporter(): AsyncGenerator<() => Promise<BufferImporterResult>> {
    for (let index = 0; index < leafCount; index += 1) {
      const size = BigInt(index === leafCount - 1 ? lastSize : LEAF_BYTES)
      yield async () => ({ cid: cidOfDigest(RAW, digestAt(index)), size, unixfs: RAW_FILE, block: NO_BYTES })
    }
  }
  const layout = balanced({ maxChildrenPerNode: 1024 })
  const options = { rawLeaves: true, cidVersion: 1, layout, bufferImporter } as const
  const entries = await collect(importer([{ content: new Uint8Array(0) }], { put: async (cid: CID) => cid }, options))
  return entries[0]?.cid
}

describe('DAG builder', () => {
  it('roots files as ipfs-unixfs-importer does, and the exporter reads them back', async () => {
    for (const size of [0, 1, LEAF_BYTES, LEAF_BYTES + 1, 3 * LEAF_BYTES, 5 * LEAF_BYTES + 77]) {
      const [bytes, blocks] = [pattern(size), new Blocks()]
      const builder = createDagBuilder(blocks.add)
      for (let at = 0; at === 0 || at < size; at += LEAF_BYTES) {
        const leaf = bytes.subarray(at, at + LEAF_BYTES)
        const digest = await sha256(leaf)
        await blocks.add(cidOfDigest(RAW, digest), leaf)
        await builder.addLeaf(digest, leaf.length)
      }
      const root = await builder.finish()
      assert.equal(root.toString(), String(await importerRoot(bytes, new Blocks())))
      const entry = await exporter(root, { get: (cid: CID) => blocks.read(cid) })
      assert.ok(entry.type === 'file' || entry.type === 'raw')
      assert.deepEqual(Buffer.concat(await collect(entry.content())), Buffer.from(bytes))
    }
  })

  it('agrees with the importer around the width of a node', async () => {
    for (const count of [2, 1023, 1024, 1025, 2048, 2049]) {
      const { root } = await build(count, 100)
      assert.equal(root.toString(), String(await importerRootOfHashes(count, 100)), `${count} leaves`)
    }
  })

  it('refuses a leaf after a short one, an overlong leaf and an empty content', async () => {
    const refused = (error: unknown): boolean => isSluiceError(error, 'BAD_INPUT')
    const builder = createDagBuilder(async () => undefined)
    await assert.rejects(createDagBuilder(async () => undefined).finish(), refused)
    await assert.rejects(builder.addLeaf(digestAt(0), LEAF_BYTES + 1), refused)
    await builder.addLeaf(digestAt(0), 10)
    await assert.rejects(builder.addLeaf(digestAt(1), 10), refused)
  })
})

describe('DAG reader', () => {
  it('finds every leaf of trees of one to three levels', async () => {
    for (const count of [1, 2, 1024, 1025, 3000]) {
      const { root, blocks } = await build(count, 5)
      const byteLength = (count - 1) * LEAF_BYTES + 5
      const reader = createDagReader({ root, sliceCount: count, byteLength, fetchBlock: blocks.fetch })
      for (const index of [0, 1, 1023, 1024, count - 1].filter((at) => at < count)) {
        assert.deepEqual((await reader.leafCid(index)).multihash.digest, digestAt(index))
      }
    }
  })

  it('fetches only the nodes above the range, each once', async () => {
    const { root, blocks } = await build(5000)
    const fetched: string[] = []
    const fetchBlock = (cid: CID): Promise<Uint8Array> => {
      fetched.push(cid.toString())
      return blocks.fetch(cid)
    }
    const reader = createDagReader({ root, sliceCount: 5000, byteLength: 5000 * LEAF_BYTES, fetchBlock })
    const cids = await collect(reader.leafCids(2000, 2100))
    assert.deepEqual(
      cids.map((cid) => cid.multihash.digest),
      Array.from({ length: 101 }, (_, at) => digestAt(2000 + at)),
    )
    assert.equal(fetched.length, 3)
    await assert.rejects(reader.leafCid(5000), (error) => isSluiceError(error, 'BAD_INPUT'))
  })

  it('walks every block, each node before what is below it, and fetches none too early', async () => {
    const { root, blocks } = await build(1500, 5)
    const seen: string[] = []
    const fetchBlock = (cid: CID): Promise<Uint8Array> => {
      assert.ok(seen.includes(cid.toString()), 'a node was fetched before it was named')
      return blocks.fetch(cid)
    }
    const reader = createDagReader({ root, sliceCount: 1500, byteLength: 1499 * LEAF_BYTES + 5, fetchBlock })
    const leaves: (number | undefined)[] = []
    for await (const { cid, index } of reader.walk()) {
      seen.push(cid.toString())
      leaves.push(index)
    }
    const count = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at)
    assert.deepEqual(leaves, [undefined, undefined, ...count(0, 1024), undefined, ...count(1024, 1500)])
    assert.equal(seen[0], root.toString())
  })

  it('knows a leaf by its bytes, at once when the node above it is here', async () => {
    const leaves = [Uint8Array.of(1), Uint8Array.of(2)]
    const blocks = new Blocks()
    const builder = createDagBuilder(blocks.add)
    for (const leaf of leaves) await builder.addLeaf(await sha256(leaf), leaf === leaves[0] ? LEAF_BYTES : 1)
    const root = await builder.finish()
    const reader = createDagReader({ root, sliceCount: 2, byteLength: LEAF_BYTES + 1, fetchBlock: blocks.fetch })
    assert.equal(await reader.isLeaf(0, Uint8Array.of(1)), true)
    assert.equal(reader.isLeaf(1, Uint8Array.of(2)), true)
    assert.equal(reader.isLeaf(1, Uint8Array.of(1)), false)
    assert.throws(
      () => reader.isLeaf(2, Uint8Array.of(1)),
      (error) => isSluiceError(error, 'BAD_INPUT'),
    )

    const alone = createDagReader({
      root: await cidOf(RAW, Uint8Array.of(5)),
      sliceCount: 1,
      byteLength: 1,
      fetchBlock: blocks.fetch,
    })
    assert.equal(alone.isLeaf(0, Uint8Array.of(5)), true)
    assert.equal(alone.isLeaf(0, Uint8Array.of(6)), false)
  })

  it('tries again after a fetch that failed', async () => {
    const { root, blocks } = await build(10)
    let attempts = 0
    const fetchBlock = async (cid: CID): Promise<Uint8Array> => {
      attempts += 1
      if (attempts === 1) throw new Error('unreachable')
      return blocks.fetch(cid)
    }
    const reader = createDagReader({ root, sliceCount: 10, byteLength: 10 * LEAF_BYTES, fetchBlock })
    await assert.rejects(reader.leafCid(3), /unreachable/)
    assert.deepEqual((await reader.leafCid(3)).multihash.digest, digestAt(3))
  })

  it('refuses a tree of another count, size or depth than the manifest says', async () => {
    const { root, blocks } = await build(1500, 5)
    const byteLength = 1499 * LEAF_BYTES + 5
    const read = async (sliceCount: number, bytes: number): Promise<CID> =>
      createDagReader({ root, sliceCount, byteLength: bytes, fetchBlock: blocks.fetch }).leafCid(0)
    await read(1500, byteLength)
    await assert.rejects(read(1500, byteLength + 1), refusedNode)
    await assert.rejects(read(1499, 1499 * LEAF_BYTES), refusedNode)
    await assert.rejects(read(3000, 3000 * LEAF_BYTES), refusedNode)
    await assert.rejects(read(1024, 1024 * LEAF_BYTES), refusedNode)
    await assert.rejects(read(1, 5), refusedNode)
    await assert.rejects(read(1500, 5), refusedNode)
  })

  it('refuses wrong bytes, junk, inline data and children of another codec', async () => {
    const leaf = cidOfDigest(RAW, digestAt(0))
    const sizes = [BigInt(LEAF_BYTES), BigInt(LEAF_BYTES)]
    const node = (file: UnixFS, child: CID): Uint8Array =>
      encode(prepare({ Data: file.marshal(), Links: [child, child].map((Hash) => ({ Name: '', Tsize: 1, Hash })) }))
    const hostile = [
      pattern(100),
      new Uint8Array(0),
      node(new UnixFS({ type: 'file', blockSizes: sizes, data: pattern(4) }), leaf),
      node(new UnixFS({ type: 'directory' }), leaf),
      node(new UnixFS({ type: 'file', blockSizes: sizes }), cidOfDigest(DAG_PB, digestAt(0))),
      node(new UnixFS({ type: 'file', blockSizes: sizes.slice(1) }), leaf),
      node(new UnixFS({ type: 'file', blockSizes: [1n, 1n] }), leaf),
    ]
    for (const block of hostile) {
      const root = await cidOf(DAG_PB, block)
      const options = { root, sliceCount: 2, byteLength: 2 * LEAF_BYTES }
      await assert.rejects(createDagReader({ ...options, fetchBlock: async () => block }).leafCid(0), refusedNode)
    }
    const { root } = await build(2)
    const options = { root, sliceCount: 2, byteLength: 2 * LEAF_BYTES }
    await assert.rejects(createDagReader({ ...options, fetchBlock: async () => pattern(9) }).leafCid(0), refusedNode)
  })
})
