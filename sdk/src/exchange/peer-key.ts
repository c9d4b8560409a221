import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, hexToBytes, stringToBytes } from 'viem'
import { SluiceError } from '../errors.ts'
import { hashHello } from '../session/index.ts'
import type { SessionDomain } from '../session/index.ts'
import { encodeOffer, IDENTITY_HASH, parsePeerId } from '../wire/index.ts'
import type { HelloMessage, Offer } from '../wire/index.ts'
import { helloStruct } from './hello.ts'

/** A protobuf PublicKey of type Ed25519 (libp2p peer id specification): key type 1, then 32 bytes of data. */
const ED25519_PREFIX = [0x08, 0x01, 0x12, 0x20]
const TERMS_LABEL = stringToBytes('sluice/terms/1')

/**
 * The Ed25519 public key inside a libp2p peer id (base58 multihash, or CID text).
 * @throws BAD_INPUT for ids that only hash their key, and keys of other kinds
 */
export function peerIdToPublicKey(peerId: string): Uint8Array {
  const { code, digest } = parsePeerId(peerId)
  const isEd25519 = digest.length === 36 && ED25519_PREFIX.every((byte, at) => digest[at] === byte)
  if (code !== IDENTITY_HASH || !isEd25519) throw new SluiceError('BAD_INPUT', 'The peer id holds no Ed25519 key.')
  return digest.subarray(ED25519_PREFIX.length)
}

/** What a server signs: the Hello it answers and the offer it makes, so that nobody in between can change the payee. */
export function termsDigest(domain: SessionDomain, hello: HelloMessage, offer: Offer): Uint8Array {
  const helloHash = hexToBytes(hashHello(domain, helloStruct(hello)))
  return sha256(concatBytes([TERMS_LABEL, helloHash, encodeOffer(offer)]))
}

/** Whether the terms were signed by the peer that the client means to talk to. Never throws on hostile input. */
export function verifyPeerSignature(peerId: string, digest: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, digest, peerIdToPublicKey(peerId), { zip215: false })
  } catch {
    return false
  }
}
