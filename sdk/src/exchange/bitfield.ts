import type { SliceRange } from '../wire/index.ts'

/** One bit per slice, lowest index in the lowest bit of the first byte; bits past the end are zero. */

export function hasBit(field: Uint8Array, index: number): boolean {
  return (((field[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
}

export function clearBit(field: Uint8Array, index: number): void {
  const at = index >> 3
  if (at < field.length) field[at] = (field[at] ?? 0) & ~(1 << (index & 7))
}

/** The bits of `field` that lie in one of the ranges. */
export function maskBits(field: Uint8Array, ranges: readonly SliceRange[], count: number): Uint8Array {
  const masked = new Uint8Array(Math.ceil(count / 8))
  for (const { first, last } of ranges) {
    for (let index = first; index <= Math.min(last, count - 1); index += 1) {
      if (hasBit(field, index)) masked[index >> 3] = (masked[index >> 3] ?? 0) | (1 << (index & 7))
    }
  }
  return masked
}

/** The fewest ranges that hold exactly these indices. */
export function toRanges(indices: Iterable<number>): SliceRange[] {
  const ranges: { first: number; last: number }[] = []
  for (const index of [...indices].sort((a, b) => a - b)) {
    const current = ranges.at(-1)
    if (current !== undefined && index <= current.last + 1) current.last = index
    else ranges.push({ first: index, last: index })
  }
  return ranges
}
