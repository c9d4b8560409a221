import { SluiceError } from '../errors.ts'
import { coverRange } from './key-tree.ts'
import type { Cover } from './key-tree.ts'

/** Most of a content that a preview gives away, per cent. */
export const MAX_PREVIEW_PERCENT = 50

/**
 * Slices at the start of a content that a preview of so many per cent opens: at least one, and never the last, so that a
 * content of one slice has none. 0 per cent is no preview.
 * @throws BAD_INPUT unless `percent` is a whole number from 0 to 50
 */
export function previewSlices(sliceCount: number, percent: number): number {
  if (!Number.isInteger(percent) || percent < 0 || percent > MAX_PREVIEW_PERCENT) {
    throw new SluiceError('BAD_INPUT', `A preview is a whole number of per cent from 0 to ${MAX_PREVIEW_PERCENT}.`)
  }
  if (percent === 0) return 0
  return Math.min(Math.max(1, Math.floor((sliceCount * percent) / 100)), sliceCount - 1)
}

/** The cover that a manifest publishes; undefined where nothing is given away. */
export function previewCover(contentKey: Uint8Array, sliceCount: number, percent: number): Cover | undefined {
  const slices = previewSlices(sliceCount, percent)
  return slices === 0 ? undefined : coverRange(contentKey, sliceCount, 0, slices - 1)
}
