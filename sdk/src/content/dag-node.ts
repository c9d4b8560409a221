import { decode, encode, prepare } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import { SluiceError } from '../errors.ts'
import { DAG_PB, isSupportedCid, RAW } from './cid.ts'
import { DAG_WIDTH, HASH_BYTES, LEAF_BYTES, MAX_BLOCK_BYTES } from './constants.ts'

/** A child as its parent sees it. `bytes` counts the file's bytes below it, `total` those and the nodes'. */
export type DagLink = { readonly cid: CID; readonly bytes: number; readonly total: number }

/** What a node must be, as follows from its place and the content's size. */
export type NodeShape = { readonly childBytes: readonly number[]; readonly childrenAreLeaves: boolean }

/** Encodes a UnixFS file node, byte for byte as ipfs-unixfs-importer and kubo do. */
export function encodeFileNode(links: readonly DagLink[]): Uint8Array {
  const file = new UnixFS({ type: 'file', blockSizes: links.map(({ bytes }) => BigInt(bytes)) })
  return encode(
    prepare({ Data: file.marshal(), Links: links.map(({ cid, total }) => ({ Name: '', Tsize: total, Hash: cid })) }),
  )
}

/**
 * Reads the children's digests out of a node, 32 bytes each, end to end.
 * @throws MANIFEST_INVALID when the node is not exactly of the expected shape.
 */
export function decodeFileNode(block: Uint8Array, shape: NodeShape): Uint8Array {
  const { data, links } = parseNode(block)
  const codec = shape.childrenAreLeaves ? RAW : DAG_PB
  const sizesMatch = data.blockSizes.every((size, at) => size === BigInt(shape.childBytes[at] ?? -1))
  const linksMatch = links.every((cid) => cid.code === codec && isSupportedCid(cid))
  const count = shape.childBytes.length
  if (data.type !== 'file' || data.data !== undefined || links.length !== count || data.blockSizes.length !== count) {
    throw invalid('it is not an inner node of this file')
  }
  if (!sizesMatch || !linksMatch) throw invalid('its children are not those of a file of this size')
  const digests = new Uint8Array(count * HASH_BYTES)
  links.forEach((cid, at) => digests.set(cid.multihash.digest, at * HASH_BYTES))
  return digests
}

/**
 * The shape of the node `height` levels above the leaves, `index` from the left, in a content whose leaves have
 * `byteLength` bytes in all.
 */
export function shapeOf(height: number, index: number, byteLength: number): NodeShape {
  const span = LEAF_BYTES * DAG_WIDTH ** (height - 1)
  const start = index * span * DAG_WIDTH
  const count = Math.min(DAG_WIDTH, Math.ceil((byteLength - start) / span))
  const childBytes = Array.from({ length: count }, (_, at) => Math.min(span, byteLength - start - at * span))
  return { childBytes, childrenAreLeaves: height === 1 }
}

/** Levels of inner nodes above `leafCount` leaves; one leaf is its own root. */
export function dagDepth(leafCount: number): number {
  let depth = 0
  for (let width = 1; width < leafCount; width *= DAG_WIDTH) depth += 1
  return depth
}

function parseNode(block: Uint8Array): { data: UnixFS; links: CID[] } {
  if (block.length > MAX_BLOCK_BYTES) throw invalid('it is too large')
  try {
    const node = decode(block)
    return { data: UnixFS.unmarshal(node.Data ?? new Uint8Array(0)), links: node.Links.map((link) => link.Hash) }
  } catch (cause) {
    throw invalid('it does not decode', cause)
  }
}

function invalid(reason: string, cause?: unknown): SluiceError {
  return new SluiceError('MANIFEST_INVALID', `A node of the content's DAG is invalid: ${reason}.`, { cause })
}
