import { base32 } from 'multiformats/bases/base32'
import { base36 } from 'multiformats/bases/base36'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { decode as decodeDigest } from 'multiformats/hashes/digest'
import { SluiceError } from '../errors.ts'

/** A libp2p peer id is the multihash of its public key: the key itself where it is short, else its sha2-256. */
export type PeerMultihash = { readonly code: number; readonly digest: Uint8Array; readonly bytes: Uint8Array }

/** Multihash code of a peer id that holds its key. */
export const IDENTITY_HASH = 0x00
const SHA2_256 = 0x12
const SHA2_256_BYTES = 32
/** Longer keys are hashed (libp2p peer id specification). */
const MAX_INLINE_KEY = 42
const LIBP2P_KEY = 0x72

/**
 * Reads a peer id as text: a base58 multihash, or a CID.
 * @throws BAD_INPUT
 */
export function parsePeerId(peerId: string): PeerMultihash {
  try {
    if (peerId.startsWith('1') || peerId.startsWith('Q')) return decodeDigest(base58btc.decode(`z${peerId}`))
    const cid = CID.parse(peerId, base32.decoder.or(base36.decoder).or(base58btc.decoder))
    if (cid.code !== LIBP2P_KEY) throw new SluiceError('BAD_INPUT', 'The CID names no libp2p key.')
    return cid.multihash
  } catch (error) {
    throw new SluiceError('BAD_INPUT', `${peerId} is no peer id.`, { cause: error })
  }
}

/** A peer id in binary, whichever text names it. @throws BAD_INPUT */
export function peerIdToBytes(peerId: string): Uint8Array {
  return parsePeerId(peerId).bytes
}

/** The usual text of a peer id, a base58 multihash; `undefined` for bytes that are none. */
export function peerIdFromBytes(bytes: Uint8Array): string | undefined {
  try {
    const { code, digest } = decodeDigest(bytes)
    const inline = code === IDENTITY_HASH && digest.length <= MAX_INLINE_KEY
    const hashed = code === SHA2_256 && digest.length === SHA2_256_BYTES
    return inline || hashed ? base58btc.encode(bytes).slice(1) : undefined
  } catch {
    return undefined
  }
}
