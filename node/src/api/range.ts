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
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first >= size || first > last ? 'unsatisfiable' : { first, last }
}
