import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { cidOfDigest, DAG_PB, isSupportedCid, matchesCid, RAW } from './cid.ts'
import { DAG_WIDTH, HASH_BYTES, LEAF_BYTES } from './constants.ts'
import { dagDepth, decodeFileNode, shapeOf } from './dag-node.ts'
import { assertSliceRange } from './slice-count.ts'

/** Fetches one block, from a store or the network; what it returns is verified here. */
export type FetchBlock = (cid: CID, options: { signal?: AbortSignal }) => Promise<Uint8Array>

/** Finds leaves' CIDs, fetching only the nodes above them. */
export type DagReader = {
  readonly sliceCount: number
  /** Bytes of all leaves. */
  readonly byteLength: number
  /** The CID of leaf `index`. */
  leafCid(index: number): Promise<CID>
  /** The CIDs of leaves `first..last`, in order, both included. */
  leafCids(first: number, last: number): AsyncGenerator<CID>
  /** Every block in depth-first order. A node is fetched only once what comes below it is asked for. */
  walk(): AsyncGenerator<DagBlock>
}

/** A block in its place; `index` is the leaf's, and left out for a node. */
export type DagBlock = { readonly cid: CID; readonly index?: number }

export declare namespace createDagReader {
  type Options = {
    readonly root: CID
    /** From the manifest; the DAG must be exactly that of a file with these many leaves and bytes. */
    readonly sliceCount: number
    readonly byteLength: number
    readonly fetchBlock: FetchBlock
    /** Ends every fetch of this reader. */
    readonly signal?: AbortSignal
  }
}

/** Nodes kept at most, 32 KiB each. */
const CACHED_NODES = 128

/**
 * Reads a content's DAG lazily. Size and count fix the whole shape of the tree, so every node is compared with the only
 * one it may be: a hostile DAG cannot be deeper, wider, longer or shorter than its manifest says.
 * @throws MANIFEST_INVALID, from the reads, for a block that is not the expected node.
 */
export function createDagReader(options: createDagReader.Options): DagReader {
  const { root, sliceCount, byteLength, fetchBlock, signal } = options
  const depth = dagDepth(sliceCount)
  assertRoot(options)
  const nodes = new Map<string, Promise<Uint8Array>>()

  async function fetchNode(height: number, index: number): Promise<Uint8Array> {
    const cid = await cidAt(height, index)
    const block = await fetchBlock(cid, signal === undefined ? {} : { signal })
    if (!(await matchesCid(cid, block))) throw new SluiceError('MANIFEST_INVALID', `Block ${cid} has other bytes.`)
    return decodeFileNode(block, shapeOf(height, index, byteLength))
  }

  function digestsAt(height: number, index: number): Promise<Uint8Array> {
    const key = `${height}/${index}`
    const node = nodes.get(key) ?? fetchNode(height, index)
    nodes.delete(key)
    nodes.set(key, node)
    node.catch(() => nodes.delete(key))
    for (const oldest of nodes.keys()) {
      if (nodes.size <= CACHED_NODES) break
      nodes.delete(oldest)
    }
    return node
  }

  async function cidAt(height: number, index: number): Promise<CID> {
    if (height === depth) return root
    const digests = await digestsAt(height + 1, Math.floor(index / DAG_WIDTH))
    const at = (index % DAG_WIDTH) * HASH_BYTES
    return cidOfDigest(height === 0 ? RAW : DAG_PB, digests.slice(at, at + HASH_BYTES))
  }

  async function* walkFrom(height: number, index: number): AsyncGenerator<DagBlock> {
    const cid = await cidAt(height, index)
    yield height === 0 ? { cid, index } : { cid }
    if (height === 0) return
    const children = (await digestsAt(height, index)).length / HASH_BYTES
    for (let at = 0; at < children; at += 1) yield* walkFrom(height - 1, index * DAG_WIDTH + at)
  }

  return {
    sliceCount,
    byteLength,
    walk: () => walkFrom(depth, 0),
    async leafCid(index) {
      assertSliceRange(sliceCount, index, index)
      return cidAt(0, index)
    },
    async *leafCids(first, last) {
      assertSliceRange(sliceCount, first, last)
      for (let index = first; index <= last; index += 1) yield await cidAt(0, index)
    },
  }
}

function assertRoot({ root, sliceCount, byteLength }: createDagReader.Options): void {
  assertSliceRange(sliceCount, 0, sliceCount - 1)
  const sizeFits = Number.isSafeInteger(byteLength) && Math.max(1, Math.ceil(byteLength / LEAF_BYTES)) === sliceCount
  const rootFits = isSupportedCid(root) && root.code === (sliceCount === 1 ? RAW : DAG_PB)
  if (sizeFits && byteLength >= 0 && rootFits) return
  throw new SluiceError('MANIFEST_INVALID', `${root} is not the root of ${sliceCount} leaves of ${byteLength} bytes.`)
}
