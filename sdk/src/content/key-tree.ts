import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { SluiceError } from '../errors.ts'
import { KEY_BYTES } from './constants.ts'
import { assertSliceRange } from './slice-count.ts'

const LEFT = utf8ToBytes('left')
const RIGHT = utf8ToBytes('right')

/**
 * Key-tree nodes that yield the keys of `firstSlice..lastSlice` and of no other slice. Where the nodes sit follows from
 * the three numbers (see {@link coverPositions}), so only their keys are listed, left to right.
 */
export type Cover = {
  readonly sliceCount: number
  readonly firstSlice: number
  readonly lastSlice: number
  /** 32 bytes each, at most `2·log2(sliceCount)`. Secret, unless the range is a public preview. */
  readonly nodes: readonly Uint8Array[]
}

/** A node's place: `height` levels above the leaves, `index` from the left among its level. */
export type NodePosition = { readonly height: number; readonly index: number }

/** Levels between the root and the slice keys: `ceil(log2(sliceCount))`. */
export function treeDepth(sliceCount: number): number {
  return sliceCount <= 1 ? 0 : 32 - Math.clz32(sliceCount - 1)
}

/**
 * One step down the tree of Goldreich, Goldwasser and Micali (1986): `HMAC-SHA-256(node, "left" or "right")`.
 * @param bit 0 for the left child, 1 for the right one.
 */
export function childNode(node: Uint8Array, bit: number): Uint8Array {
  return hmac(sha256, node, bit === 0 ? LEFT : RIGHT)
}

/** The 32-byte key of slice `index`: leaf `index` of the tree rooted in `contentKey`. */
export function deriveSliceKey(contentKey: Uint8Array, sliceCount: number, index: number): Uint8Array {
  assertSliceRange(sliceCount, index, index)
  return deriveNode(contentKey, treeDepth(sliceCount), { height: 0, index })
}

/**
 * The fewest aligned subtrees over `first..last`, left to right. A range that ends with the last slice also covers the
 * leaves beyond it, which seal nothing: a whole content is one node, its root.
 */
export function coverPositions(sliceCount: number, first: number, last: number): NodePosition[] {
  assertSliceRange(sliceCount, first, last)
  const depth = treeDepth(sliceCount)
  const end = last === sliceCount - 1 ? 2 ** depth : last + 1
  const positions: NodePosition[] = []
  for (let at = first; at < end;) {
    const aligned = at === 0 ? depth : 31 - Math.clz32(at & -at)
    const height = Math.min(aligned, 31 - Math.clz32(end - at))
    positions.push({ height, index: at >> height })
    at += 2 ** height
  }
  return positions
}

/** What an edition of slices `first..last` sells, or what a public preview of them publishes. */
export function coverRange(contentKey: Uint8Array, sliceCount: number, first: number, last: number): Cover {
  const depth = treeDepth(sliceCount)
  const nodes = coverPositions(sliceCount, first, last).map((position) => deriveNode(contentKey, depth, position))
  return { sliceCount, firstSlice: first, lastSlice: last, nodes }
}

function deriveNode(contentKey: Uint8Array, depth: number, { height, index }: NodePosition): Uint8Array {
  if (contentKey.length !== KEY_BYTES) throw new SluiceError('BAD_INPUT', 'A content key has 32 bytes.')
  let node = contentKey
  for (let level = depth - height - 1; level >= 0; level -= 1) node = childNode(node, (index >> level) & 1)
  return node
}
