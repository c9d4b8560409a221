import { bytesToBigInt, bytesToHex, encodeAbiParameters, keccak256, numberToBytes } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'

/** A P-256 point in affine form, 32 bytes each, as the contracts take it. */
export type SessionPublicKey = { readonly qx: Hex; readonly qy: Hex }

/** A P-256 signature, `s` at most half the group order. */
export type SessionSignature = { readonly r: Hex; readonly s: Hex }

/** A key pair that speaks for a wallet; the private half never leaves WebCrypto. */
export type Session = { readonly publicKey: SessionPublicKey; readonly privateKey: CryptoKey }

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const
const ECDSA_SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const
const COORDINATE_BYTES = 32
const UNCOMPRESSED_POINT = 0x04
/** Order of the P-256 group, FIPS 186-5. */
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const HALF_ORDER = P256_ORDER >> 1n

/** Makes a session. `extractable` only for a node's encrypted keystore; pages keep the default. */
export async function generateSession(options: { extractable?: boolean } = {}): Promise<Session> {
  const pair = await crypto.subtle.generateKey(P256, options.extractable ?? false, ['sign', 'verify'])
  return sessionFromKeyPair(pair)
}

/** Wraps a WebCrypto key pair, as read back from a keystore or IndexedDB. */
export async function sessionFromKeyPair(pair: CryptoKeyPair): Promise<Session> {
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return { publicKey: publicKeyFromRaw(raw), privateKey: pair.privateKey }
}

/** What a session's grants are filed under: `keccak256(abi.encode(qx, qy))`. */
export function sessionId(publicKey: SessionPublicKey): Hex {
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [publicKey.qx, publicKey.qy]))
}

/**
 * Signs an EIP-712 digest (32 bytes). WebCrypto hashes once more, so what is signed is `sha256(digest)`; half of its
 * signatures have a high s, which the chain refuses, so s is normalised here.
 */
export async function signDigest(session: Session, digest: Hex): Promise<SessionSignature> {
  const signature = new Uint8Array(await crypto.subtle.sign(ECDSA_SHA256, session.privateKey, digestBytes(digest)))
  return normalise(signature)
}

/**
 * Whether `signature` is this key's, over this digest, in the one form the chain accepts. Never throws on hostile
 * input: a key off the curve, a high s or a zero simply does not verify.
 */
export async function verifyDigest(
  publicKey: SessionPublicKey,
  digest: Hex,
  signature: SessionSignature,
): Promise<boolean> {
  if (!isCanonical(signature)) return false
  const key = await importPublicKey(publicKey)
  if (key === undefined) return false
  const raw = new Uint8Array(2 * COORDINATE_BYTES)
  raw.set(numberToBytes(BigInt(signature.r), { size: COORDINATE_BYTES }), 0)
  raw.set(numberToBytes(BigInt(signature.s), { size: COORDINATE_BYTES }), COORDINATE_BYTES)
  return crypto.subtle.verify(ECDSA_SHA256, key, raw, digestBytes(digest))
}

function isCanonical({ r, s }: SessionSignature): boolean {
  const [rValue, sValue] = [BigInt(r), BigInt(s)]
  return rValue > 0n && rValue < P256_ORDER && sValue > 0n && sValue <= HALF_ORDER
}

function normalise(signature: Uint8Array): SessionSignature {
  const s = bytesToBigInt(signature.subarray(COORDINATE_BYTES))
  const low = s > HALF_ORDER ? P256_ORDER - s : s
  return {
    r: bytesToHex(signature.subarray(0, COORDINATE_BYTES)),
    s: bytesToHex(numberToBytes(low, { size: COORDINATE_BYTES })),
  }
}

async function importPublicKey({ qx, qy }: SessionPublicKey): Promise<CryptoKey | undefined> {
  const raw = new Uint8Array(1 + 2 * COORDINATE_BYTES)
  raw[0] = UNCOMPRESSED_POINT
  raw.set(numberToBytes(BigInt(qx), { size: COORDINATE_BYTES }), 1)
  raw.set(numberToBytes(BigInt(qy), { size: COORDINATE_BYTES }), 1 + COORDINATE_BYTES)
  try {
    return await crypto.subtle.importKey('raw', raw, P256, true, ['verify'])
  } catch {
    return undefined
  }
}

function publicKeyFromRaw(raw: Uint8Array): SessionPublicKey {
  if (raw.length !== 1 + 2 * COORDINATE_BYTES || raw[0] !== UNCOMPRESSED_POINT) {
    throw new SluiceError('BAD_INPUT', 'A session key must be an uncompressed P-256 point of 65 bytes.')
  }
  return { qx: bytesToHex(raw.subarray(1, 1 + COORDINATE_BYTES)), qy: bytesToHex(raw.subarray(1 + COORDINATE_BYTES)) }
}

function digestBytes(digest: Hex): Uint8Array<ArrayBuffer> {
  return numberToBytes(BigInt(digest), { size: COORDINATE_BYTES }) as Uint8Array<ArrayBuffer>
}
