import { SluiceError } from '@sluice/sdk'

/** What BitTorrent's encoding (BEP 3) can say; a dictionary has no prototype, its keys are one character per byte. */
export type Bencoded = number | Uint8Array | readonly Bencoded[] | BencodedDictionary
export type BencodedDictionary = { readonly [key: string]: Bencoded | undefined }

/** Dictionaries and lists inside each other. */
const MAX_DEPTH = 8
/** Digits of a number, and of a string's length: far below 2^53. */
const MAX_DIGITS = 15
const [DICTIONARY, LIST, INTEGER, END, COLON, MINUS] = [0x64, 0x6c, 0x69, 0x65, 0x3a, 0x2d] as const
const [ZERO, NINE] = [0x30, 0x39] as const

/**
 * Reads one dictionary that is all of `bytes`. The library's decoder takes negative lengths, with which it goes round in
 * one place for ever; what peers say is read by this one. Throws PROTOCOL_VIOLATION for all that is not well-formed, is
 * longer than `maxBytes`, or goes deeper than any message needs. The order of keys is not looked at.
 */
export function readBencodedDictionary(bytes: Uint8Array, maxBytes: number): BencodedDictionary {
  if (bytes.length > maxBytes) throw malformed(`more than ${maxBytes} bytes`)
  const reader = createReader(bytes)
  if (bytes[0] !== DICTIONARY) throw malformed('no dictionary')
  const value = reader.dictionary(MAX_DEPTH)
  if (!reader.atEnd()) throw malformed('something behind its end')
  return value
}

function createReader(bytes: Uint8Array) {
  let at = 0

  /** Whether the next byte is this one, which is then behind us. */
  function skip(byte: number): boolean {
    if (bytes[at] !== byte) return false
    at += 1
    return true
  }

  /** Digits and nothing else, up to `end`, which is taken too. */
  function digits(end: number): number {
    const from = at
    let value = 0
    for (let digit = bytes[at]; digit !== undefined && digit >= ZERO && digit <= NINE; digit = bytes[++at]) {
      value = value * 10 + digit - ZERO
    }
    const count = at - from
    if (count === 0 || count > MAX_DIGITS || (count > 1 && bytes[from] === ZERO)) throw malformed('no number')
    if (!skip(end)) throw malformed('a number without its end')
    return value
  }

  function string(): Uint8Array {
    const length = digits(COLON)
    if (length > bytes.length - at) throw malformed('a string longer than the message')
    at += length
    return bytes.slice(at - length, at)
  }

  function list(depth: number): Bencoded[] {
    at += 1
    const items: Bencoded[] = []
    while (!skip(END)) items.push(value(depth - 1))
    return items
  }

  function dictionary(depth: number): BencodedDictionary {
    at += 1
    const entries = Object.create(null) as Record<string, Bencoded>
    while (!skip(END)) {
      const key = Buffer.from(string()).toString('latin1')
      entries[key] = value(depth - 1)
    }
    return entries
  }

  function value(depth: number): Bencoded {
    if (depth === 0) throw malformed('too deep')
    if (bytes[at] === DICTIONARY) return dictionary(depth)
    if (bytes[at] === LIST) return list(depth)
    return skip(INTEGER) ? (skip(MINUS) ? -digits(END) : digits(END)) : string()
  }

  return { dictionary, atEnd: () => at === bytes.length }
}

function malformed(what: string): SluiceError {
  return new SluiceError('PROTOCOL_VIOLATION', `The peer's message is not well-formed: ${what}.`)
}
