import { SluiceError } from '../errors.ts'
import { KEY_BYTES } from './constants.ts'
import { childNode, coverPositions } from './key-tree.ts'
import type { Cover, NodePosition } from './key-tree.ts'

/** Reads slice keys out of a cover. */
export type SliceKeys = {
  readonly sliceCount: number
  readonly firstSlice: number
  readonly lastSlice: number
  /** Whether the cover yields this slice's key. */
  covers(index: number): boolean
  /** The 32-byte key of a covered slice; throws NOT_ENTITLED for any other. Not to be written to. */
  keyOf(index: number): Uint8Array
}

type PlacedNode = NodePosition & { readonly key: Uint8Array }

/**
 * Opens a cover for reading. Only the path to the last key is kept: reading in order costs about two HMACs a slice, and
 * memory does not grow with the content.
 * @throws BAD_INPUT when the cover's nodes do not fit its range.
 */
export function createSliceKeys(cover: Cover): SliceKeys {
  const { sliceCount, firstSlice, lastSlice } = cover
  const subtrees = placeNodes(cover)
  const path: (PlacedNode | undefined)[] = []

  function covers(index: number): boolean {
    return Number.isInteger(index) && index >= firstSlice && index <= lastSlice
  }

  function nearestAncestor(index: number): PlacedNode {
    const cached = path.find((node) => node !== undefined && index >> node.height === node.index)
    const found = cached ?? subtrees.find((node) => index >> node.height === node.index)
    if (found === undefined) throw new SluiceError('INTERNAL', `No cover node above slice ${index}.`)
    return found
  }

  function keyOf(index: number): Uint8Array {
    if (!covers(index)) {
      throw new SluiceError('NOT_ENTITLED', `Slice ${index} is outside ${firstSlice}..${lastSlice}.`)
    }
    let { height, key } = nearestAncestor(index)
    while (height > 0) {
      height -= 1
      key = childNode(key, (index >> height) & 1)
      path[height] = { height, index: index >> height, key }
    }
    return key
  }

  return { sliceCount, firstSlice, lastSlice, covers, keyOf }
}

function placeNodes({ sliceCount, firstSlice, lastSlice, nodes }: Cover): PlacedNode[] {
  const positions = coverPositions(sliceCount, firstSlice, lastSlice)
  if (positions.length !== nodes.length) {
    throw new SluiceError('BAD_INPUT', `A cover of this range has ${positions.length} nodes, not ${nodes.length}.`)
  }
  return positions.map((position, at) => {
    const key = nodes[at]
    if (key?.length !== KEY_BYTES) throw new SluiceError('BAD_INPUT', 'A cover node has 32 bytes.')
    return { ...position, key }
  })
}
