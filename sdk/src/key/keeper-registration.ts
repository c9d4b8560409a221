import { bytesToHex, encodeAbiParameters, hexToBytes, sha256, size } from 'viem'
import type { Address, Hex } from 'viem'
import { decodeScalar, ELEMENT_BYTES, encodeScalar } from './group.ts'
import { keeperPublicKey, keeperScalar, parseKeeperKey } from './keeper-key.ts'
import { provePossession, verifyPossession } from './possession.ts'
import type { Possession } from './possession.ts'

/** A keeper's key as NodeRegistry has it; a proof for one owner, peer, contract or chain is none for another. */
export type KeeperRegistration = {
  readonly chainId: number
  /** Address of NodeRegistry. */
  readonly registry: Address
  readonly owner: Address
  /** libp2p peer id in binary, as registered; see `peerIdToBytes`. */
  readonly peerId: Hex
  /** `x·G`, 32 bytes. */
  readonly publicKey: Hex
}

/** A proof of possession as the chain stores it: two scalars, 32 bytes little-endian each. */
export type KeeperProof = { readonly challenge: Hex; readonly response: Hex }

const PROOF_TAG = 'sluice/node-keeper/1'

const STATEMENT_TYPES = [
  { type: 'uint256' },
  { type: 'address' },
  { type: 'address' },
  { type: 'bytes' },
  { type: 'bytes32' },
] as const

/** What the proof is made over: `sha256(abi.encode(chainId, NodeRegistry, owner, peerId, key))`. */
export function hashKeeperRegistration({ chainId, registry, owner, peerId, publicKey }: KeeperRegistration): Hex {
  return sha256(encodeAbiParameters(STATEMENT_TYPES, [BigInt(chainId), registry, owner, peerId, publicKey]))
}

/**
 * Proves that whoever registers the key knows its secret.
 * @throws BAD_INPUT when the secret is not a scalar
 */
export function proveKeeperRegistration(secret: Uint8Array, place: Omit<KeeperRegistration, 'publicKey'>): KeeperProof {
  const possession = possessionOf({ ...place, publicKey: keeperPublicKey(secret) })
  const { challenge, response } = provePossession(possession, keeperScalar(secret))
  return { challenge: bytesToHex(encodeScalar(challenge)), response: bytesToHex(encodeScalar(response)) }
}

/**
 * Whether the proof shows that this owner knows this key, for this peer and registry. The chain does not check it, so every
 * reader must: a key made from other keepers' keys would bias who can open a lockbox. It says nothing about whose peer it is.
 */
export function verifyKeeperRegistration(registration: KeeperRegistration, proof: KeeperProof): boolean {
  const publicKey = parseKeeperKey(registration.publicKey)
  const [challenge, response] = [parseScalar(proof.challenge), parseScalar(proof.response)]
  if (publicKey === undefined || challenge === undefined || response === undefined) return false
  return verifyPossession(possessionOf(registration), publicKey, { challenge, response })
}

function parseScalar(scalar: Hex): bigint | undefined {
  return size(scalar) === ELEMENT_BYTES ? decodeScalar(hexToBytes(scalar)) : undefined
}

function possessionOf(registration: KeeperRegistration): Possession {
  return { tag: PROOF_TAG, statement: hexToBytes(hashKeeperRegistration(registration)) }
}
