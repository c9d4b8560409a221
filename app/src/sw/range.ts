/** What a request's Range header asks of a resource of `size` bytes, `end` exclusive. */
export type RangeAnswer =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' }

const SINGLE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/u

/**
 * Reads a Range header as RFC 9110 section 14 has it. Several ranges, other units and nonsense are answered with the whole,
 * which the RFC allows; a range past the end cannot be satisfied.
 */
export function parseRange(header: string | null, size: number): RangeAnswer {
  const [, first = '', last = ''] = SINGLE_RANGE.exec(header?.trim() ?? '') ?? []
  if (first !== '') return slice(Number(first), last === '' ? size : Number(last) + 1, size)
  return last === '' ? { kind: 'whole' } : suffix(Number(last), size)
}

function slice(start: number, end: number, size: number): RangeAnswer {
  if (start >= size) return { kind: 'unsatisfiable' }
  return end <= start ? { kind: 'whole' } : { kind: 'part', start, end: Math.min(end, size) }
}

function suffix(length: number, size: number): RangeAnswer {
  return length === 0 || size === 0
    ? { kind: 'unsatisfiable' }
    : { kind: 'part', start: Math.max(0, size - length), end: size }
}
