import type { Hex } from 'viem'

/** As `subgraph/src/title.ts` finds it: the mark, eight bytes of the meta-hash, the length, the title. */

const MARK = '80cea4122977a232'
const HASH_DIGITS = 16
// What no line of text shows: controls, what turns its direction.
const HIDDEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

export function titleOf(input: Hex, metaHash: Hex): string | null {
  const head = `${MARK}${metaHash.slice(2, 2 + HASH_DIGITS)}`
  for (let at = input.indexOf(head); at >= 0; at = input.indexOf(head, at + 1)) {
    if (at % 2 === 0) return readTitle(input, at + head.length)
  }
  return null
}

function readTitle(input: Hex, at: number): string | null {
  const length = Number.parseInt(input.slice(at, at + 2), 16)
  const bytes = Buffer.from(input.slice(at + 2, at + 2 + 2 * length), 'hex')
  if (!(length > 0) || bytes.length < length) return null
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return HIDDEN.test(text) ? null : text
  } catch {
    return null
  }
}
