import { randomBytes } from 'node:crypto'
import type { Store } from '../../../node/src/store/index.ts'
import { encodeManifest, manifestCid, sealContent, sliceCountOf } from '../../../sdk/src/content/index.ts'

const PIECE = new Uint8Array(randomBytes(1024 * 1024))

/** `bytes` bytes, random in the first megabyte and then the same again: sealing and hashing take as long for any. */
export async function* source(bytes: number): AsyncGenerator<Uint8Array> {
  for (let left = bytes; left > 0; left -= PIECE.length) yield PIECE.subarray(0, Math.min(left, PIECE.length))
}

/** A sealed content in a store, as a publisher's node has it after the upload. */
export type StoredSample = {
  readonly root: string
  readonly sliceCount: number
  /** Bytes of all leaves. */
  readonly leafBytes: number
  /** Nodes of the DAG by CID: what a fetcher verifies by. */
  readonly nodes: ReadonlyMap<string, Uint8Array>
  readonly contentKey: Uint8Array
}

/** Seals `bytes` bytes into a store, slice by slice, each durable before the next one of its place is taken. */
export async function sealIntoStore(store: Store, bytes: number): Promise<StoredSample> {
  const id = await store.uploads.create({ kind: 'sealed', sliceCount: sliceCountOf(bytes, 'sealed') })
  const nodes = new Map<string, Uint8Array>()
  const sealed = await sealContent({
    source: source(bytes),
    byteSize: bytes,
    onSlice: (index, leaf) => store.uploads.writeSlice(id, index, leaf),
    onBlock: async (cid, node) => void nodes.set(cid.toString(), node),
  })
  const { root, sliceCount, leafBytes, proofRoot, infoHash } = sealed
  const hashes = { root, sliceCount, proofRoot, infoHash }
  const manifest = encodeManifest({ ...ATTRIBUTES, ...hashes, access: 'sealed', byteSize: bytes })
  const cid = (await manifestCid(manifest)).toString()
  await store.blocks.put(cid, manifest)
  await store.uploads.commit(id, cid)
  return { root: root.toString(), sliceCount, leafBytes, nodes, contentKey: sealed.contentKey }
}

const ATTRIBUTES = {
  kind: 'file',
  name: 'bench.bin',
  title: 'Bench',
  description: '',
  mime: 'application/octet-stream',
  createdAt: 1_700_000_000,
} as const
