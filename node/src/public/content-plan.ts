import { SluiceError } from '@sluice/sdk'
import { LEAF_BYTES } from '@sluice/sdk/content'
import { hasBit } from '@sluice/sdk/exchange'
import { parseRange } from '../http/index.ts'
import type { ByteRange } from '../http/index.ts'
import type { PublicContent } from '../protocols/slice/index.ts'

/** What to answer: bytes `first..last`, both included, of all leaves; or that no byte of the range exists. */
export type ContentPlan =
  | (ByteRange & { readonly status: 200 | 206; readonly firstSlice: number; readonly lastSlice: number })
  | { readonly status: 416 }

/** Slices of one answer at most, 64 MiB: a longer range is answered with its beginning, as RFC 9110 allows. */
export const MAX_ANSWER_SLICES = 256

/**
 * Decides what a request for a content's public bytes gets (RFC 9110, section 14; one range). A range is answered as far
 * as its slices are public and here, without a gap.
 * @throws NOT_ENTITLED where the first byte is not public, SLICE_MISSING where it is not here, BAD_INPUT for a whole
 * content that is longer than one answer
 */
export function planContent(content: PublicContent, rangeHeader: string | undefined): ContentPlan {
  const { byteLength } = content
  const range = parseRange(rangeHeader, byteLength)
  if (range === 'unsatisfiable') return { status: 416 }
  if (range === undefined) return planWhole(content)
  const firstSlice = Math.floor(range.first / LEAF_BYTES)
  requireSlice(content, firstSlice)
  const wanted = Math.min(Math.floor(range.last / LEAF_BYTES), firstSlice + MAX_ANSWER_SLICES - 1)
  let lastSlice = firstSlice
  while (lastSlice < wanted && hasBit(content.has, lastSlice + 1)) lastSlice += 1
  const last = Math.min(range.last, (lastSlice + 1) * LEAF_BYTES - 1)
  return { status: 206, first: range.first, last, firstSlice, lastSlice }
}

function planWhole(content: PublicContent): ContentPlan {
  const { byteLength, sliceCount, open } = content
  if (!open) {
    throw new SluiceError('NOT_ENTITLED', 'Only a part of this content is public.', {
      hint: 'Name the bytes in a Range header; HEAD tells in sluice-slices which slices are public.',
    })
  }
  if (sliceCount > MAX_ANSWER_SLICES) {
    throw new SluiceError('BAD_INPUT', `One answer has at most ${MAX_ANSWER_SLICES} slices.`, {
      hint: 'Ask for it in parts, by a Range header.',
    })
  }
  for (let index = 0; index < sliceCount; index += 1) requireSlice(content, index)
  return { status: 200, first: 0, last: byteLength - 1, firstSlice: 0, lastSlice: sliceCount - 1 }
}

function requireSlice({ has, open }: PublicContent, index: number): void {
  if (hasBit(has, index)) return
  if (open) throw new SluiceError('SLICE_MISSING', `Slice ${index} is not here.`)
  throw new SluiceError('NOT_ENTITLED', `Slice ${index} is not public, or not here.`)
}
