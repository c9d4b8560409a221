import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { LEAF_BYTES } from '@sluice/sdk/content'
import { MAX_ANSWER_SLICES, planContent } from './content-plan.ts'

/** A content of full slices but the last, of ten bytes; the slices named are public and here. */
function content(sliceCount: number, slices: readonly number[], open = false) {
  const has = new Uint8Array(Math.ceil(sliceCount / 8))
  for (const index of slices) has[index >> 3] = (has[index >> 3] ?? 0) | (1 << (index & 7))
  return { root: 'root', byteLength: (sliceCount - 1) * LEAF_BYTES + 10, sliceCount, open, has }
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)
const refuses = (plan: () => unknown, code: ErrorCode) => assert.throws(plan, (error) => isSluiceError(error, code))

describe('plan of an answer with public bytes', () => {
  const preview = content(8, [0, 1, 2])

  it('gives the bytes that were asked for, and the slices that they lie in', () => {
    const range = `bytes=${LEAF_BYTES - 1}-${LEAF_BYTES}`
    const expected = { status: 206, first: LEAF_BYTES - 1, last: LEAF_BYTES, firstSlice: 0, lastSlice: 1 }
    assert.deepEqual(planContent(preview, range), expected)
  })

  it('ends a range where the public slices that are here end', () => {
    const expected = { status: 206, first: 5, last: 3 * LEAF_BYTES - 1, firstSlice: 0, lastSlice: 2 }
    assert.deepEqual(planContent(preview, 'bytes=5-'), expected)
    const gap = planContent(content(8, [0, 2, 3], true), 'bytes=0-')
    assert.deepEqual(gap, { status: 206, first: 0, last: LEAF_BYTES - 1, firstSlice: 0, lastSlice: 0 })
  })

  it('ends a range after as many slices as one answer may have', () => {
    const long = planContent(content(1000, upTo(1000), true), 'bytes=1-')
    assert.deepEqual(long, {
      status: 206,
      first: 1,
      last: MAX_ANSWER_SLICES * LEAF_BYTES - 1,
      firstSlice: 0,
      lastSlice: MAX_ANSWER_SLICES - 1,
    })
  })

  it('says that bytes behind the end do not exist, public or not', () => {
    assert.deepEqual(planContent(preview, `bytes=${preview.byteLength}-`), { status: 416 })
    assert.deepEqual(planContent(content(2, [0, 1], true), 'bytes=-0'), { status: 416 })
  })

  it('refuses bytes that are not public, and those that are not here', () => {
    refuses(() => planContent(preview, `bytes=${3 * LEAF_BYTES}-`), 'NOT_ENTITLED')
    refuses(() => planContent(preview, 'bytes=-1'), 'NOT_ENTITLED')
    refuses(() => planContent(content(8, [0], true), `bytes=${LEAF_BYTES}-`), 'SLICE_MISSING')
  })

  it('gives all of open content that fits one answer, and nothing sealed as a whole', () => {
    const whole = { status: 200, first: 0, last: LEAF_BYTES + 9, firstSlice: 0, lastSlice: 1 }
    const open = content(2, [0, 1], true)
    // Several ranges and other units are answered with the whole, as the RFC allows.
    for (const range of [undefined, 'bytes=0-1,4-5', 'slices=0-1']) assert.deepEqual(planContent(open, range), whole)
    refuses(() => planContent(preview, undefined), 'NOT_ENTITLED')
    refuses(() => planContent(content(2, [0], true), undefined), 'SLICE_MISSING')
    const tooLong = MAX_ANSWER_SLICES + 1
    refuses(() => planContent(content(tooLong, upTo(tooLong), true), undefined), 'BAD_INPUT')
  })
})
