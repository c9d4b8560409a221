import type { Hex } from 'viem'
import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { sha1, sha256 } from './bytes.ts'
import { chunkRootOf } from './chunk-root.ts'
import { createDagBuilder } from './dag-builder.ts'
import type { OnBlock } from './dag-builder.ts'
import { infoHashOf, PIECE_HASH_BYTES } from './info-hash.ts'
import { createProofTree } from './proof-tree.ts'

/** All hashes of one leaf. */
export type LeafHashes = {
  readonly size: number
  /** sha2-256, the leaf's CID. */
  readonly digest: Uint8Array
  /** SHA-1, the torrent's piece. */
  readonly piece: Uint8Array
  readonly chunkRoot: Uint8Array
}

/** What is known of a content once its leaves are hashed. */
export type ContentSummary = {
  readonly root: CID
  readonly sliceCount: number
  /** Bytes of all leaves. */
  readonly leafBytes: number
  readonly proofRoot: Hex
  readonly infoHash: Hex
}

export type ContentSummarizer = {
  /** Adds the next leaf. */
  add(leaf: LeafHashes): Promise<void>
  /** Called once, after the last leaf. */
  finish(): Promise<ContentSummary>
}

/** Hashes a leaf in every way that a manifest needs, all at once. */
export async function hashLeaf(leaf: Uint8Array): Promise<LeafHashes> {
  const [digest, piece, chunkRoot] = await Promise.all([sha256(leaf), sha1(leaf), chunkRootOf(leaf)])
  return { size: leaf.length, digest, piece, chunkRoot }
}

/** Folds leaves' hashes, in order, into a content's root, proof root and info-hash: 52 bytes of memory a slice. */
export function createContentSummarizer(sliceCount: number, onBlock: OnBlock): ContentSummarizer {
  const dag = createDagBuilder(onBlock)
  const proof = createProofTree(sliceCount)
  const pieces = new Uint8Array(sliceCount * PIECE_HASH_BYTES)
  let count = 0
  let leafBytes = 0

  return {
    async add({ size, digest, piece, chunkRoot }) {
      if (count === sliceCount) throw new SluiceError('BAD_INPUT', `The source has more than ${sliceCount} slices.`)
      proof.add(chunkRoot)
      pieces.set(piece, count * PIECE_HASH_BYTES)
      count += 1
      leafBytes += size
      await dag.addLeaf(digest, size)
    },
    async finish() {
      if (count < sliceCount)
        throw new SluiceError('BAD_INPUT', `The source ended after ${count} of ${sliceCount} slices.`)
      const root = await dag.finish()
      const infoHash = await infoHashOf({ root, byteLength: leafBytes, pieces })
      return { root, sliceCount, leafBytes, proofRoot: proof.root(), infoHash }
    },
  }
}
