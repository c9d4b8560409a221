import { Bytes } from '@graphprotocol/graph-ts'

/**
 * Text out of bytes that a stranger chose. The index takes strings in UTF-16 and stops for good at what is none, so nothing is
 * turned into a string that was not checked here.
 */

const SPACE: i32 = 0x20
const DELETE: i32 = 0x7f
const LAST_CONTROL: i32 = 0x9f

/** A handle's word as text: its bytes up to the first zero. The contract lets nothing but ASCII in. */
export function handleText(handle: Bytes): string {
  let text = ''
  for (let i = 0; i < handle.length && handle[i] != 0; i++) text += String.fromCharCode(handle[i])
  return text
}

/** How many bytes follow the first one of a character; -1 for a byte that none starts with. */
function followers(first: i32): i32 {
  if (first < 0x80) return 0
  if (first >= 0xc2 && first < 0xe0) return 1
  if (first >= 0xe0 && first < 0xf0) return 2
  if (first >= 0xf0 && first < 0xf5) return 3
  return -1
}

/** Whether a code point may stand in a line of text: nothing that controls, turns its direction, or is half of a character. */
function isShown(point: i32): boolean {
  if (point < SPACE || (point >= DELETE && point <= LAST_CONTROL)) return false
  if (point >= 0xd800 && point <= 0xdfff) return false
  if (point >= 0x202a && point <= 0x202e) return false
  if (point >= 0x2066 && point <= 0x2069) return false
  return point != 0x200e && point != 0x200f
}

/** The code point of `length` bytes more, from `at`; -1 where they are not its shortest UTF-8. */
function codePoint(bytes: Bytes, at: i32, length: i32): i32 {
  if (length == 0) return bytes[at]
  let point = (<i32>bytes[at]) & (0x3f >> length)
  for (let i = 1; i <= length; i++) {
    const next = <i32>bytes[at + i]
    if ((next & 0xc0) != 0x80) return -1
    point = (point << 6) | (next & 0x3f)
  }
  if (length == 2 && point < 0x800) return -1
  if (length == 3 && (point < 0x10000 || point > 0x10ffff)) return -1
  return point
}

/** Bytes `from` to `to` as one line of text; null where they are no valid UTF-8 or hold what no line shows. */
export function lineOf(bytes: Bytes, from: i32, to: i32): string | null {
  let text = ''
  let at = from
  while (at < to) {
    const length = followers(bytes[at])
    if (length < 0 || at + length >= to) return null
    const point = codePoint(bytes, at, length)
    if (point < 0 || !isShown(point)) return null
    text += String.fromCodePoint(point)
    at += 1 + length
  }
  return text
}
