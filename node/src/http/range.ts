/** Inclusive byte positions. */
export type ByteRange = { readonly first: number; readonly last: number }

/**
 * Reads a Range header (RFC 9110, one range). `undefined` means the whole content: no header, or one that may be ignored;
 * `unsatisfiable` asks for a 416.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (match === null) return undefined
  const [, from = '', to = ''] = match
  if (from === '' && to === '') return undefined
  const range = from === '' ? suffix(Number(to), size) : between(Number(from), to, size)
  return range.first >= size || range.first > range.last ? 'unsatisfiable' : range
}

function suffix(length: number, size: number): ByteRange {
  return { first: Math.max(0, size - length), last: size - 1 }
}

function between(first: number, to: string, size: number): ByteRange {
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) }
}
