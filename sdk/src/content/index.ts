export { asBytes, discard, equalBytes, sha256 } from './bytes.ts'
export { chunkRootOf, PIECE_BYTES } from './chunk-root.ts'
export {
  cidOf,
  cidOfBlockHash,
  cidOfDigest,
  DAG_CBOR,
  DAG_PB,
  digestHexOf,
  isSupportedCid,
  matchesCid,
  parseCid,
  RAW,
  rootDigestOf,
} from './cid.ts'
export * from './constants.ts'
export { createContentSummarizer, hashLeaf } from './content-summary.ts'
export type { ContentSummarizer, ContentSummary, LeafHashes } from './content-summary.ts'
export { createDagBuilder } from './dag-builder.ts'
export type { DagBuilder, OnBlock } from './dag-builder.ts'
export { createDagReader } from './dag-reader.ts'
export type { DagBlock, DagReader, FetchBlock } from './dag-reader.ts'
export { decodeManifest } from './decode-manifest.ts'
export { encodeManifest } from './encode-manifest.ts'
export { encodeTorrentInfo, infoHashOf } from './info-hash.ts'
export type { TorrentInfo } from './info-hash.ts'
export { formatMagnet, isMagnet, parseMagnet } from './magnet.ts'
export type { Magnet } from './magnet.ts'
export { coverPositions, coverRange, deriveSliceKey, treeDepth } from './key-tree.ts'
export type { Cover, NodePosition } from './key-tree.ts'
export { leafContent } from './leaf-content.ts'
export * from './manifest.ts'
export { assertPlaintextDigest, createPlaintextDigest, verifyPlaintext } from './plaintext-digest.ts'
export type { PlaintextDigest } from './plaintext-digest.ts'
export type { ContentProgress, ContentSource } from './process-content.ts'
export { MAX_PREVIEW_PERCENT, previewCover, previewSlices } from './preview.ts'
export { createProofTree, proofLeaf } from './proof-tree.ts'
export type { ProofTree } from './proof-tree.ts'
export { openRootSize } from './open-root.ts'
export { rechunk } from './rechunk.ts'
export { sealContent } from './seal-content.ts'
export { openSlice } from './slice-cipher.ts'
export type { SliceSeal } from './slice-cipher.ts'
export { assertSliceRange, leafBytesOf, leafSizeAt, sliceCountOf } from './slice-count.ts'
export type { Access } from './slice-count.ts'
export { createSliceKeys } from './slice-keys.ts'
export type { SliceKeys } from './slice-keys.ts'
