import type { CID } from 'multiformats/cid'
import { isHex } from 'viem'
import type { Hex } from 'viem'
import { isMagnet, parseCid } from '../content/index.ts'
import { SluiceError } from '../errors.ts'

/** How a user names a content: by its id on chain, or by the CID of a root or a manifest. */
export type ContentReference =
  { readonly kind: 'content'; readonly contentId: Hex } | { readonly kind: 'cid'; readonly cid: CID }

const MAX_REFERENCE = 2048
const CONTENT_ID_CHARACTERS = 66

/**
 * Reads a content id (32 bytes in hex), a CID, or a magnet link of our own torrents, which names its content id or
 * manifest (`x.sluice`) or else the root (`dn`). Throws BAD_INPUT on anything else.
 */
export function parseContentReference(input: string): ContentReference {
  const text = input.trim()
  if (text.length > MAX_REFERENCE) throw refuse(text)
  const name = isMagnet(text) ? namedBy(text) : text
  if (isHex(name) && name.length === CONTENT_ID_CHARACTERS)
    return { kind: 'content', contentId: name.toLowerCase() as Hex }
  try {
    return { kind: 'cid', cid: parseCid(name) }
  } catch {
    throw refuse(text)
  }
}

function namedBy(magnet: string): string {
  const fields = new URLSearchParams(magnet.slice(magnet.indexOf('?') + 1))
  return fields.get('x.sluice') ?? fields.get('dn') ?? ''
}

function refuse(text: string): SluiceError {
  return new SluiceError('BAD_INPUT', `"${text.slice(0, 80)}" is not a content id, a CID or a magnet link.`, {
    hint: 'A content id is 32 bytes in hex (0x…); a CID starts with "bafy" or "bafk".',
  })
}
