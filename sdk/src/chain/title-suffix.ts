import { bytesToHex, concatHex, size, slice, stringToBytes, toHex } from 'viem'
import type { Hex } from 'viem'

/** The first eight bytes of sha2-256("sluice/title/1"). */
const TITLE_MARK: Hex = '0x80cea4122977a232'
/** Bytes of the meta-hash that tie a title to its version, where several are published in one transaction. */
const HASH_BYTES = 8
/** What one byte can count. */
const MAX_TITLE_BYTES = 255

/**
 * A title as it follows the arguments of `publish` and `publishVersion`, so that an index of chain events can search for it:
 * mark, eight bytes of the meta-hash, length in one byte, UTF-8. The contract reads over it, and 16 gas are paid for a byte.
 * What exceeds 255 bytes is cut off behind a whole character. See `docs/adr/0017-titles-beside-the-call.md`.
 */
export function titleSuffix(title: string, metaHash: Hex): Hex {
  const text = bytesToHex(stringToBytes(clip(title)))
  return concatHex([TITLE_MARK, slice(metaHash, 0, HASH_BYTES), toHex(size(text), { size: 1 }), text])
}

function clip(title: string): string {
  let bytes = 0
  let clipped = ''
  for (const character of title) {
    bytes += stringToBytes(character).length
    if (bytes > MAX_TITLE_BYTES) return clipped
    clipped += character
  }
  return clipped
}
