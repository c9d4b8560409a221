import { sha256 as sha256Sync } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { SluiceError } from '../errors.ts'
import { equalBytes, sha256 } from './bytes.ts'
import { HASH_BYTES } from './constants.ts'

/** Multicodec codes that Sluice uses. */
export const RAW = 0x55
export const DAG_PB = 0x70
export const DAG_CBOR = 0x71
const SHA2_256 = 0x12

/** The CIDv1 of a block of `codec`, from its 32-byte sha2-256. */
export function cidOfDigest(codec: number, digest: Uint8Array): CID {
  if (digest.length !== HASH_BYTES) throw new SluiceError('BAD_INPUT', 'A sha2-256 digest has 32 bytes.')
  return CID.createV1(codec, createDigest(SHA2_256, digest))
}

/** The CIDv1 (sha2-256) of a block of `codec`. */
export async function cidOf(codec: number, bytes: Uint8Array): Promise<CID> {
  return cidOfDigest(codec, await sha256(bytes))
}

/** Parses a CID from outside: version 1, sha2-256, raw, dag-pb or dag-cbor; throws BAD_INPUT for any other. */
export function parseCid(text: string): CID {
  const cid = text.length <= 128 ? tryParse(text) : undefined
  if (cid === undefined || !isSupportedCid(cid)) {
    throw new SluiceError('BAD_INPUT', 'Not a CID that Sluice knows.', {
      hint: 'Expected CIDv1, base32, with sha2-256 and the raw, dag-pb or dag-cbor codec.',
    })
  }
  return cid
}

/** Whether a CID has one of the few forms that Sluice makes. */
export function isSupportedCid(cid: CID): boolean {
  const { code, digest } = cid.multihash
  const codecs = [RAW, DAG_PB, DAG_CBOR]
  return cid.version === 1 && code === SHA2_256 && digest.length === HASH_BYTES && codecs.includes(cid.code)
}

/** Whether `bytes` are what `cid` names. */
export async function matchesCid(cid: CID, bytes: Uint8Array): Promise<boolean> {
  return isSupportedCid(cid) && equalBytes(await sha256(bytes), cid.multihash.digest)
}

/** The sha2-256 inside a CID, as the chain stores meta-hashes and lockbox hashes. */
export function digestHexOf(cid: CID): Hex {
  return bytesToHex(cid.multihash.digest)
}

/** The CID of a dag-cbor block (a manifest or a lockbox) from the hash that the chain stores. */
export function cidOfBlockHash(hash: Hex): CID {
  return cidOfDigest(DAG_CBOR, hexToBytes(hash))
}

/** What a lockbox's label names a content's bytes by: sha2-256 of the root CID's 36 bytes, codec included. */
export function rootDigestOf(root: CID): Hex {
  return bytesToHex(sha256Sync(root.bytes))
}

function tryParse(text: string): CID | undefined {
  try {
    return CID.parse(text)
  } catch {
    return undefined
  }
}
