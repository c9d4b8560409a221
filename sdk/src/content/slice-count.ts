import { SluiceError } from '../errors.ts'
import { LEAF_BYTES, MAX_SLICES, SLICE_BYTES, TAG_BYTES } from './constants.ts'

/** How a content's leaves came to be: sealed slices, or the plain bytes of open content. */
export type Access = 'sealed' | 'open'

/** Slices of a content of `byteSize` plaintext bytes; an empty content has one empty slice. */
export function sliceCountOf(byteSize: number, access: Access): number {
  if (!Number.isSafeInteger(byteSize) || byteSize < 0) {
    throw new SluiceError('BAD_INPUT', `A content's size must be a whole number of bytes, not ${byteSize}.`)
  }
  const count = Math.max(1, Math.ceil(byteSize / (access === 'sealed' ? SLICE_BYTES : LEAF_BYTES)))
  if (count > MAX_SLICES) {
    throw new SluiceError('BAD_INPUT', `A content has at most ${MAX_SLICES} slices, this one would have ${count}.`)
  }
  return count
}

/** Bytes of all leaves of a content of `byteSize` plaintext bytes. */
export function leafBytesOf(byteSize: number, access: Access): number {
  return access === 'sealed' ? byteSize + TAG_BYTES * sliceCountOf(byteSize, access) : byteSize
}

/** Bytes of leaf `index`, of a content whose leaves have `byteLength` bytes in all. */
export function leafSizeAt(index: number, byteLength: number): number {
  return Math.min(LEAF_BYTES, byteLength - index * LEAF_BYTES)
}

/** Throws BAD_INPUT unless `0 <= first <= last < sliceCount <= MAX_SLICES`. */
export function assertSliceRange(sliceCount: number, first: number, last: number): void {
  const whole = [sliceCount, first, last].every((value) => Number.isSafeInteger(value))
  if (whole && sliceCount <= MAX_SLICES && first >= 0 && first <= last && last < sliceCount) return
  throw new SluiceError('BAD_INPUT', `Slices ${first}..${last} are not a range of ${sliceCount} slices.`)
}
