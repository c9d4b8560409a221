import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, encodeAbiParameters, hexToBytes, sha256 } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import {
  combine,
  decodePoint,
  decodeScalar,
  ELEMENT_BYTES,
  encodeScalar,
  hashToScalar,
  KEEPER_BASE,
  mod,
  randomScalar,
} from './group.ts'
import type { Point } from './group.ts'

/** A keeper as lockboxes name it. */
export type Keeper = {
  /** libp2p peer id, text. */
  readonly peerId: string
  /** `x·G`, 32 bytes. */
  readonly publicKey: Hex
}

/** Where a keeper offers its key: a proof for one network is none for another. */
export type KeeperStatement = Keeper & { readonly chainId: number; readonly contentKeys: Address }

const PROOF_TAG = 'sluice/keeper/1'

/** Makes a keeper's secret, 32 bytes: all that a keeper ever keeps. */
export function generateKeeperKey(): Uint8Array {
  return encodeScalar(randomScalar())
}

/** The public key of a keeper's secret. @throws BAD_INPUT when the secret is not a scalar. */
export function keeperPublicKey(secret: Uint8Array): Hex {
  return bytesToHex(KEEPER_BASE.multiply(keeperScalar(secret)).toBytes())
}

/** Schnorr proof that the keeper knows its key: challenge and response, 64 bytes. */
export function proveKeeperKey(secret: Uint8Array, place: Omit<KeeperStatement, 'publicKey'>): Hex {
  const statement = hashStatement({ ...place, publicKey: keeperPublicKey(secret) })
  const nonce = randomScalar()
  const challenge = hashToScalar(PROOF_TAG, statement, KEEPER_BASE.multiply(nonce).toBytes())
  const response = mod(nonce - challenge * keeperScalar(secret))
  return bytesToHex(concatBytes(encodeScalar(challenge), encodeScalar(response)))
}

/**
 * Whether the proof shows that this peer knows this key, for this deployment. A key without it could be made from other
 * keepers' keys to bias who can open a lockbox.
 */
export function verifyKeeperKey(keeper: KeeperStatement, proof: Hex): boolean {
  const bytes = hexToBytes(proof)
  const publicKey = parseKeeperKey(keeper.publicKey)
  const challenge = decodeScalar(bytes.subarray(0, ELEMENT_BYTES))
  const response = decodeScalar(bytes.subarray(ELEMENT_BYTES))
  if (publicKey === undefined || challenge === undefined || response === undefined) return false
  const commitment = combine(KEEPER_BASE, response, publicKey, challenge)
  return hashToScalar(PROOF_TAG, hashStatement(keeper), commitment.toBytes()) === challenge
}

/** Decodes a keeper's public key; `undefined` unless canonical and not the identity. */
export function parseKeeperKey(publicKey: Hex): Point | undefined {
  return publicKey.length === 2 + 2 * ELEMENT_BYTES ? decodePoint(hexToBytes(publicKey)) : undefined
}

/** Decodes a keeper's secret. */
export function keeperScalar(secret: Uint8Array): bigint {
  const scalar = decodeScalar(secret)
  if (scalar === undefined || scalar === 0n) {
    throw new SluiceError('BAD_INPUT', 'A keeper key must be a scalar of ristretto255: 32 bytes below its order.')
  }
  return scalar
}

function hashStatement({ chainId, contentKeys, peerId, publicKey }: KeeperStatement): Uint8Array {
  const types = [{ type: 'uint256' }, { type: 'address' }, { type: 'string' }, { type: 'bytes32' }] as const
  return hexToBytes(sha256(encodeAbiParameters(types, [BigInt(chainId), contentKeys, peerId, publicKey])))
}
