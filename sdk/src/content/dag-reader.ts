import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { equalBytes, sha256 } from './bytes.ts'
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
  /** Whether `bytes` are leaf `index`. Answered at once where the node above it is here and hashing needs no thread. */
  isLeaf(index: number, bytes: Uint8Array): boolean | Promise<boolean>
  /** The same of bytes that were hashed elsewhere. */
  isLeafDigest(index: number, digest: Uint8Array): boolean | Promise<boolean>
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

/** A node's digests, or where they will come. */
type Node = Uint8Array | Promise<Uint8Array>

/**
 * Reads a content's DAG lazily. Size and count fix the whole shape of the tree, so every node is compared with the only
 * one it may be: a hostile DAG cannot be deeper, wider, longer or shorter than its manifest says.
 * @throws MANIFEST_INVALID, from the reads, for a block that is not the expected node.
 */
export function createDagReader(options: createDagReader.Options): DagReader {
  const { root, sliceCount, byteLength, fetchBlock, signal } = options
  const depth = dagDepth(sliceCount)
  assertRoot(options)
  const digestsAt = cacheNodes(fetchNode)

  async function fetchNode(height: number, index: number): Promise<Uint8Array> {
    const cid = await cidAt(height, index)
    const block = await fetchBlock(cid, signal === undefined ? {} : { signal })
    if (!(await matchesCid(cid, block))) throw new SluiceError('MANIFEST_INVALID', `Block ${cid} has other bytes.`)
    return decodeFileNode(block, shapeOf(height, index, byteLength))
  }

  async function cidAt(height: number, index: number): Promise<CID> {
    if (height === depth) return root
    const digests = await digestsAt(height + 1, Math.floor(index / DAG_WIDTH))
    return cidOfDigest(height === 0 ? RAW : DAG_PB, digestOf(digests, index).slice())
  }

  function isLeafDigest(index: number, digest: Uint8Array): boolean | Promise<boolean> {
    assertSliceRange(sliceCount, index, index)
    const digests = depth === 0 ? root.multihash.digest : digestsAt(1, Math.floor(index / DAG_WIDTH))
    const compare = (node: Uint8Array): boolean => equalBytes(digestOf(node, index), digest)
    return digests instanceof Uint8Array ? compare(digests) : digests.then(compare)
  }

  function isLeaf(index: number, bytes: Uint8Array): boolean | Promise<boolean> {
    const actual = sha256(bytes)
    return actual instanceof Uint8Array ? isLeafDigest(index, actual) : actual.then((one) => isLeafDigest(index, one))
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
    isLeaf,
    isLeafDigest,
    async *leafCids(first, last) {
      assertSliceRange(sliceCount, first, last)
      for (let index = first; index <= last; index += 1) yield await cidAt(0, index)
    },
  }
}

/** The nodes used last, as they are or as they will be; one that could not be fetched is tried again. */
function cacheNodes(fetchNode: (height: number, index: number) => Promise<Uint8Array>) {
  const nodes = new Map<string, Node>()

  const load = (key: string, node: Promise<Uint8Array>): Promise<Uint8Array> => {
    const replace = (digests?: Uint8Array): void => {
      if (nodes.get(key) !== node) return
      if (digests === undefined) nodes.delete(key)
      else nodes.set(key, digests)
    }
    nodes.set(key, node)
    node.then(replace, () => replace())
    const [oldest] = nodes.keys()
    if (nodes.size > CACHED_NODES && oldest !== undefined) nodes.delete(oldest)
    return node
  }

  return (height: number, index: number): Node => {
    const key = `${height}/${index}`
    const known = nodes.get(key)
    if (known === undefined) return load(key, fetchNode(height, index))
    // Re-inserting keeps the map in the order of use.
    nodes.delete(key)
    nodes.set(key, known)
    return known
  }
}

/** A child's digest among its parent's. */
function digestOf(node: Uint8Array, index: number): Uint8Array {
  const at = (index % DAG_WIDTH) * HASH_BYTES
  return node.subarray(at, at + HASH_BYTES)
}

function assertRoot({ root, sliceCount, byteLength }: createDagReader.Options): void {
  assertSliceRange(sliceCount, 0, sliceCount - 1)
  const sizeFits = Number.isSafeInteger(byteLength) && Math.max(1, Math.ceil(byteLength / LEAF_BYTES)) === sliceCount
  const rootFits = isSupportedCid(root) && root.code === (sliceCount === 1 ? RAW : DAG_PB)
  if (sizeFits && byteLength >= 0 && rootFits) return
  throw new SluiceError('MANIFEST_INVALID', `${root} is not the root of ${sliceCount} leaves of ${byteLength} bytes.`)
}
