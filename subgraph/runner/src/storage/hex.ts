/** Longer bytes are no ids, and are not remembered. */
const MAX_BYTES = 96
const SLOTS = 4096
const WORD = 4
const DIGITS = '0123456789abcdef'

const ascii = Buffer.alloc(2 + 2 * MAX_BYTES, '0x', 'latin1')
/** Two digits of every byte, as they lie in `ascii`. */
const pairs = Uint16Array.from({ length: 256 }, (_, byte) => {
  return DIGITS.charCodeAt(byte >> 4) | (DIGITS.charCodeAt(byte & 15) << 8)
})

/**
 * The last texts, by a hash of their bytes. The same few ids are written again and again: one string for all of them is not made
 * anew, and is found in maps without being read.
 */
const texts = new Array<string>(SLOTS).fill('0x')
const lengths = new Uint8Array(SLOTS)
const contents = new Uint8Array(SLOTS * MAX_BYTES)

/** Bytes as graph-node writes them: 0x and lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return toHexAt(bytes, 0, bytes.length)
}

/** As `toHex`, of some of the bytes. They must be there. */
export function toHexAt(bytes: Uint8Array, start: number, length: number): string {
  if (length > MAX_BYTES) return `0x${Buffer.from(bytes.subarray(start, start + length)).toString('hex')}`
  const slot = hash(bytes, start, length) & (SLOTS - 1)
  const found = texts[slot] ?? ''
  if (isSlotOf(slot, bytes, start, length)) return found
  const text = write(bytes, start, length)
  lengths[slot] = length
  for (let at = 0; at < length; at += 1) contents[slot * MAX_BYTES + at] = bytes[start + at] ?? 0
  texts[slot] = text
  return text
}

/** FNV-1a over words, and what is left. */
function hash(bytes: Uint8Array, start: number, length: number): number {
  let value = 0x811c9dc5 ^ length
  let at = start
  for (const end = start + length - WORD; at <= end; at += WORD) {
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    value = Math.imul(value ^ word, 0x01000193)
    value ^= value >>> 15
  }
  for (const end = start + length; at < end; at += 1) value = Math.imul(value ^ (bytes[at] ?? 0), 0x01000193)
  return value ^ (value >>> 13)
}

function isSlotOf(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
  if (lengths[slot] !== length) return false
  for (let at = 0; at < length; at += 1) if (contents[slot * MAX_BYTES + at] !== bytes[start + at]) return false
  return true
}

function write(bytes: Uint8Array, start: number, length: number): string {
  for (let at = 0; at < length; at += 1) {
    const pair = pairs[bytes[start + at] ?? 0] ?? 0
    ascii[2 + 2 * at] = pair & 0xff
    ascii[3 + 2 * at] = pair >> 8
  }
  return ascii.toString('latin1', 0, 2 + 2 * length)
}
