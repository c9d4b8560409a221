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
  const match = header === null ? null : SINGLE_RANGE.exec(header.trim())
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? '']
  if (first === '' && last === '') return { kind: 'whole' }
  if (first === '') return suffix(Number(last), size)
  const start = Number(first)
  const end = last === '' ? size : Math.min(Number(last) + 1, size)
  if (last !== '' && Number(last) < start) return { kind: 'whole' }
  return start >= size ? { kind: 'unsatisfiable' } : { kind: 'part', start, end }
}

function suffix(length: number, size: number): RangeAnswer {
  return length === 0 || size === 0
    ? { kind: 'unsatisfiable' }
    : { kind: 'part', start: Math.max(0, size - length), end: size }
}
