import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, encodeAbiParameters, hexToBytes, sha256 } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { decodePoint, decodeScalar, ELEMENT_BYTES, encodeScalar, KEEPER_BASE, randomScalar } from './group.ts'
import type { Point } from './group.ts'
import { provePossession, verifyPossession } from './possession.ts'
import type { Possession } from './possession.ts'

/** A keeper as lockboxes name it. */
export type Keeper = {
  /** libp2p peer id, text. */
  readonly peerId: string
  /** `x·G`, 32 bytes. */
  readonly publicKey: Hex
}

/**
 * Where a keeper offers its key itself, by `/sluice/keeper/1.0.0`: a proof for one network is none for another. What it
 * registers on chain is another statement, see `keeper-registration.ts`.
 */
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
  const possession = possessionOf({ ...place, publicKey: keeperPublicKey(secret) })
  const { challenge, response } = provePossession(possession, keeperScalar(secret))
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
  return verifyPossession(possessionOf(keeper), publicKey, { challenge, response })
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

function possessionOf({ chainId, contentKeys, peerId, publicKey }: KeeperStatement): Possession {
  const types = [{ type: 'uint256' }, { type: 'address' }, { type: 'string' }, { type: 'bytes32' }] as const
  const statement = sha256(encodeAbiParameters(types, [BigInt(chainId), contentKeys, peerId, publicKey]), 'bytes')
  return { tag: PROOF_TAG, statement }
}
