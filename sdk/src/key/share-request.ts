import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, getAddress, numberToBytes, sha256 } from 'viem'
import type { Address, Hex } from 'viem'
import { decodeMap, encodeMap, hexField } from '../content/strict-cbor.ts'
import type { MapReader } from '../content/strict-cbor.ts'
import { SluiceError } from '../errors.ts'
import { hashKeyRequest } from '../session/index.ts'
import type { SessionDomain, SessionPublicKey, SessionSignature } from '../session/index.ts'
import { ELEMENT_BYTES, encodeScalar } from './group.ts'
import { HPKE_KEY_BYTES } from './hpke.ts'
import { labelOf, MAX_KEEPERS } from './label.ts'
import type { LabelPreimage } from './label.ts'
import type { VerifiedDeal } from './verify-lockbox.ts'

/** Bytes of an encoded request at most. */
export const MAX_REQUEST_BYTES = 2048

/** One keeper's part of the statement, as it travels: 32 bytes each. */
export type DealBytes = {
  readonly commitment: Uint8Array
  readonly encryptedShare: Uint8Array
  readonly challenge: Uint8Array
  readonly response: Uint8Array
}

/** A holder's request for one keeper's share; of constant size. */
export type ShareRequest = {
  /** Peer id of the keeper asked. */
  readonly keeper: string
  readonly label: LabelPreimage
  /** The keeper's place in the lockbox, from 1. */
  readonly index: number
  readonly deal: DealBytes
  /** Who holds the key now. */
  readonly wallet: Address
  /** X25519 public key to which the share is sealed. */
  readonly ephemeralKey: Uint8Array
  readonly nonce: Hex
  /** Unix seconds. */
  readonly issuedAt: number
  /** Speaks for the wallet. */
  readonly session: SessionPublicKey
}

export type SignedShareRequest = ShareRequest & { readonly signature: SessionSignature }

/** What the session signs, and what the answer is bound to. */
export function hashShareRequest(domain: SessionDomain, request: ShareRequest): Hex {
  const { commitment, encryptedShare, challenge, response } = request.deal
  return hashKeyRequest(domain, {
    keeper: request.keeper,
    label: labelOf(request.label),
    deal: sha256(concatBytes(commitment, encryptedShare, challenge, response)),
    wallet: request.wallet,
    ephemeralKey: bytesToHex(request.ephemeralKey),
    nonce: request.nonce,
    issuedAt: BigInt(request.issuedAt),
  })
}

/** A proven deal as a request carries it. */
export function dealBytes({ commitment, encryptedShare, proof }: VerifiedDeal): DealBytes {
  return {
    commitment: commitment.toBytes(),
    encryptedShare: encryptedShare.toBytes(),
    challenge: encodeScalar(proof.challenge),
    response: encodeScalar(proof.response),
  }
}

export function encodeShareRequest(request: SignedShareRequest): Uint8Array {
  const { keeper, label, index, deal, ephemeralKey, issuedAt } = request
  return encodeMap({
    keeper,
    label: {
      ...label,
      contentKeys: hexField(label.contentKeys),
      contentId: hexField(label.contentId),
      editionId: numberToBytes(label.editionId, { size: 32 }),
      rootDigest: hexField(label.rootDigest),
      keepersHash: hexField(label.keepersHash),
    },
    index,
    deal: { ...deal },
    wallet: hexField(request.wallet),
    ephemeralKey,
    nonce: hexField(request.nonce),
    issuedAt,
    session: { qx: hexField(request.session.qx), qy: hexField(request.session.qy) },
    signature: { r: hexField(request.signature.r), s: hexField(request.signature.s) },
  })
}

/** Reads a request from outside. @throws BAD_INPUT when it is not one. */
export function decodeShareRequest(encoded: Uint8Array): SignedShareRequest {
  return decodeMap(encoded, MAX_REQUEST_BYTES, invalid, (reader) => ({
    keeper: reader.text('keeper', { min: 1, max: 128 }),
    label: reader.map('label', readLabel),
    index: reader.uint('index', { min: 1, max: MAX_KEEPERS }),
    deal: reader.map('deal', readDeal),
    wallet: readAddress(reader, 'wallet'),
    ephemeralKey: reader.fixedBytes('ephemeralKey', HPKE_KEY_BYTES),
    nonce: reader.hex('nonce', 32),
    issuedAt: reader.uint('issuedAt', { max: 2 ** 40 }),
    session: reader.map('session', (session) => ({ qx: session.hex('qx', 32), qy: session.hex('qy', 32) })),
    signature: reader.map('signature', (signature) => ({ r: signature.hex('r', 32), s: signature.hex('s', 32) })),
  }))
}

function readLabel(reader: MapReader): LabelPreimage {
  const keeperCount = reader.uint('keeperCount', { min: 1, max: MAX_KEEPERS })
  return {
    chainId: reader.uint('chainId', { max: Number.MAX_SAFE_INTEGER }),
    contentKeys: readAddress(reader, 'contentKeys'),
    contentId: reader.hex('contentId', 32),
    version: reader.uint('version', { max: 2 ** 32 - 1 }),
    editionId: BigInt(reader.hex('editionId', 32)),
    epoch: reader.uint('epoch', { max: 2 ** 32 - 1 }),
    rootDigest: reader.hex('rootDigest', 32),
    threshold: reader.uint('threshold', { min: 1, max: keeperCount }),
    keeperCount,
    keepersHash: reader.hex('keepersHash', 32),
  }
}

function readDeal(reader: MapReader): DealBytes {
  return {
    commitment: reader.fixedBytes('commitment', ELEMENT_BYTES),
    encryptedShare: reader.fixedBytes('encryptedShare', ELEMENT_BYTES),
    challenge: reader.fixedBytes('challenge', ELEMENT_BYTES),
    response: reader.fixedBytes('response', ELEMENT_BYTES),
  }
}

function readAddress(reader: MapReader, name: string): Address {
  return getAddress(reader.hex(name, 20))
}

function invalid(reason: string): SluiceError {
  return new SluiceError('BAD_INPUT', `The key request is malformed: ${reason}.`)
}
