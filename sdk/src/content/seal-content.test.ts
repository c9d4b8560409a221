import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { CID } from 'multiformats/cid'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import { matchesCid } from './cid.ts'
import { LEAF_BYTES, SLICE_BYTES } from './constants.ts'
import { createContentSummarizer, hashLeaf } from './content-summary.ts'
import { createDagReader } from './dag-reader.ts'
import { collect, inPieces, pattern } from './fixtures.ts'
import { coverRange } from './key-tree.ts'
import { leafContent } from './leaf-content.ts'
import { createPlaintextDigest, verifyPlaintext } from './plaintext-digest.ts'
import { sealContent } from './seal-content.ts'
import { openSlice } from './slice-cipher.ts'
import { createSliceKeys } from './slice-keys.ts'

type RootVector = { byteSize: number; root: string; sliceCount: number; proofRoot: Hex; infoHash: Hex }

const roots = JSON.parse(
  readFileSync(new URL('../../../test/vectors/open-roots.json', import.meta.url), 'utf8'),
) as RootVector[]
const SIZE = 5 * SLICE_BYTES + 1234
const ignore = async (): Promise<void> => undefined

class Sink {
  readonly leaves: Uint8Array[] = []
  readonly cids: CID[] = []
  readonly blocks = new Map<string, Uint8Array>()
  readonly onSlice = async (index: number, leaf: Uint8Array, cid: CID): Promise<void> => {
    this.leaves[index] = leaf
    this.cids[index] = cid
  }
  readonly onBlock = async (cid: CID, bytes: Uint8Array): Promise<void> => void this.blocks.set(cid.toString(), bytes)
  readonly handlers = { onSlice: this.onSlice, onBlock: this.onBlock }
  readonly fetchBlock = async (cid: CID): Promise<Uint8Array> => this.blocks.get(cid.toString()) ?? new Uint8Array(0)
}

async function* openAll(sink: Sink, sealed: sealContent.Result): AsyncGenerator<Uint8Array> {
  const { sliceCount } = sealed
  const keys = createSliceKeys(coverRange(sealed.contentKey, sliceCount, 0, sliceCount - 1))
  for (const [index, leaf] of sink.leaves.entries()) {
    yield await openSlice({ key: keys.keyOf(index), index, sliceCount }, leaf)
  }
}

describe('sealContent', () => {
  it('emits leaves that a reader finds by the root and opens with the content key', async () => {
    const sink = new Sink()
    const sealed = await sealContent({
      source: inPieces(pattern(SIZE), 65_536, 1000),
      byteSize: SIZE,
      ...sink.handlers,
    })
    assert.equal(sealed.sliceCount, 6)
    assert.equal(sealed.leafBytes, SIZE + 6 * 16)
    const reader = createDagReader({
      root: sealed.root,
      sliceCount: 6,
      byteLength: sealed.leafBytes,
      fetchBlock: sink.fetchBlock,
    })
    const found = await collect(reader.leafCids(0, 5))
    assert.deepEqual(found.map(String), sink.cids.map(String))
    for (const [index, cid] of found.entries()) assert.ok(await matchesCid(cid, sink.leaves[index] ?? new Uint8Array()))
    const opened = await collect(openAll(sink, sealed))
    assert.deepEqual(Buffer.concat(opened), Buffer.from(pattern(SIZE)))
    await verifyPlaintext(openAll(sink, sealed), sealed.plaintextDigest)
  })

  it('has the info-hash of the leaves as one file, and the plaintext digest of its slices', async () => {
    const sink = new Sink()
    const sealed = await sealContent({ source: inPieces(pattern(SIZE), 300_000), byteSize: SIZE, ...sink.handlers })
    const sha = (name: string, bytes: Uint8Array): Buffer => createHash(name).update(bytes).digest()
    const pieces = Buffer.concat(sink.leaves.map((leaf) => sha('sha1', leaf)))
    const name = sealed.root.toString()
    const info = Buffer.concat([
      Buffer.from(`d6:lengthi${SIZE + 96}e4:name${name.length}:${name}12:piece lengthi262144e6:pieces120:`),
      pieces,
      Buffer.from('e'),
    ])
    assert.equal(sealed.infoHash, `0x${sha('sha1', info).toString('hex')}`)
    const slices = Array.from({ length: 6 }, (_, at) =>
      pattern(SIZE).subarray(at * SLICE_BYTES, (at + 1) * SLICE_BYTES),
    )
    const expected = sha('sha256', Buffer.concat(slices.map((slice) => sha('sha256', slice))))
    assert.equal(bytesToHex(sealed.plaintextDigest), bytesToHex(expected))
  })

  it('gives the same content another key and other ciphertext every time', async () => {
    const seal = (): Promise<sealContent.Result> =>
      sealContent({ source: inPieces(pattern(100), 100), byteSize: 100, onSlice: ignore, onBlock: ignore })
    const [first, second] = [await seal(), await seal()]
    assert.notEqual(first.root.toString(), second.root.toString())
    assert.notDeepEqual(first.contentKey, second.contentKey)
  })

  it('seals an empty content as one slice of 16 bytes', async () => {
    const sink = new Sink()
    const sealed = await sealContent({ source: inPieces(new Uint8Array(0), 1), byteSize: 0, ...sink.handlers })
    assert.deepEqual([sealed.sliceCount, sealed.leafBytes, sink.leaves[0]?.length], [1, 16, 16])
    assert.equal(sealed.root.toString(), sink.cids[0]?.toString())
  })

  it('keeps a bounded number of slices in flight and reports progress in order', async () => {
    let [inFlight, most, last] = [0, 0, 0]
    const onSlice = async (): Promise<void> => {
      inFlight += 1
      most = Math.max(most, inFlight)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight -= 1
    }
    await sealContent({
      source: inPieces(pattern(12 * SLICE_BYTES), 65_536),
      byteSize: 12 * SLICE_BYTES,
      concurrency: 3,
      onSlice,
      onBlock: ignore,
      onProgress: ({ slices, bytes }) => {
        assert.equal(slices, last + 1)
        assert.equal(bytes, slices * SLICE_BYTES)
        last = slices
      },
    })
    assert.equal(last, 12)
    assert.ok(most <= 3)
  })

  it('stops everything at the first failure of onSlice, and rejects with it', async () => {
    let read = 0
    let aborted = 0
    async function* source(): AsyncGenerator<Uint8Array> {
      for (; ; read += 1) yield pattern(SLICE_BYTES)
    }
    const onSlice = async (index: number, _leaf: Uint8Array, _cid: CID, signal: AbortSignal): Promise<void> => {
      if (index === 5) throw new Error('disk full')
      if (index < 4) return
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      aborted += 1
    }
    const sealing = sealContent({ source: source(), byteSize: 1000 * SLICE_BYTES, onSlice, onBlock: ignore })
    await assert.rejects(sealing, /disk full/)
    assert.ok(aborted > 0 && read < 30)
  })

  it('ends at once when aborted, even while the source hangs', async () => {
    const stop = new AbortController()
    async function* source(): AsyncGenerator<Uint8Array> {
      yield pattern(10)
      setImmediate(() => stop.abort())
      await new Promise(() => undefined)
    }
    const options = { source: source(), byteSize: 100, onSlice: ignore, onBlock: ignore, signal: stop.signal }
    await assert.rejects(sealContent(options), (error) => isSluiceError(error, 'ABORTED'))
  })

  it('refuses a source that is longer or shorter than announced', async () => {
    for (const byteSize of [SIZE - 1, SIZE + 1, SIZE + SLICE_BYTES, SIZE - 2 * SLICE_BYTES]) {
      const options = { source: inPieces(pattern(SIZE), 65_536), byteSize, onSlice: ignore, onBlock: ignore }
      await assert.rejects(sealContent(options), (error) => isSluiceError(error, 'BAD_INPUT'))
    }
  })
})

describe('leafContent', () => {
  it('has the roots of the vectors, the same every time', async () => {
    for (const { byteSize, root, sliceCount, proofRoot, infoHash } of roots) {
      const source = inPieces(pattern(byteSize), 70_000)
      const result = await leafContent({ source, byteSize, onSlice: ignore, onBlock: ignore })
      assert.deepEqual(
        { ...result, root: result.root.toString() },
        { root, sliceCount, leafBytes: byteSize, byteSize, proofRoot, infoHash },
      )
    }
  })

  it('is re-rooted from stored leaves alone', async () => {
    const bytes = pattern(3 * LEAF_BYTES + 1)
    const sink = new Sink()
    const result = await leafContent({ source: inPieces(bytes, 9999), byteSize: bytes.length, ...sink.handlers })
    const summary = createContentSummarizer(result.sliceCount, ignore)
    for (const leaf of sink.leaves) await summary.add(await hashLeaf(leaf))
    assert.deepEqual({ ...(await summary.finish()), byteSize: bytes.length }, result)
  })
})

describe('verifyPlaintext', () => {
  it('calls another plaintext the creator’s fraud', async () => {
    const digest = createPlaintextDigest()
    digest.add(pattern(32))
    await assert.rejects(verifyPlaintext(inPieces(pattern(10), 10), digest.digest()), (error) =>
      isSluiceError(error, 'FRAUD_PROVEN'),
    )
  })
})
