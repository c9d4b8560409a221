import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, sha256 } from 'viem'
import type { Hex } from 'viem'
import { splitBytes } from '../content/bytes.ts'
import { MAX_BLOCK_BYTES } from '../content/constants.ts'
import { decodeMap, encodeMap, hexField } from '../content/strict-cbor.ts'
import type { MapReader } from '../content/strict-cbor.ts'
import { SluiceError } from '../errors.ts'
import type { Proof } from './equality-proof.ts'
import { decodePoint, decodeScalar, ELEMENT_BYTES, encodeScalar } from './group.ts'
import type { Point } from './group.ts'
import type { Keeper } from './keeper-key.ts'
import { MAX_KEEPERS } from './label.ts'

/** A lockbox as it is stored: every point and scalar canonical, no point the identity, nothing proven yet. */
export type Lockbox = {
  /** In the order of the deal: the keeper of index i is `keepers[i − 1]`. */
  readonly keepers: readonly LockboxKeeper[]
  /** `C_0 .. C_{t−1}`: as many as shares are needed. */
  readonly commitments: readonly Point[]
  /** The cover and what to check it by, under the key that the shares yield. */
  readonly sealed: Uint8Array
}

export type LockboxKeeper = Keeper & {
  /** `Y_i`. */
  readonly encryptedShare: Point
  readonly proof: Proof
}

const FORMAT = 1
const MAX_PEER_ID = 128

/** sha2-256 of an encoded lockbox, as ContentKeys stores it. */
export function lockboxHashOf(encoded: Uint8Array): Hex {
  return sha256(encoded)
}

/** The canonical dag-cbor of a lockbox. @throws LOCKBOX_INVALID when a reader would refuse it. */
export function encodeLockbox({ keepers, commitments, sealed }: Lockbox): Uint8Array {
  const encoded = encodeMap({
    format: FORMAT,
    keepers: keepers.map(({ peerId, publicKey, encryptedShare, proof }) => ({
      peerId,
      publicKey: hexField(publicKey),
      share: encryptedShare.toBytes(),
      challenge: encodeScalar(proof.challenge),
      response: encodeScalar(proof.response),
    })),
    commitments: concatBytes(...commitments.map((point) => point.toBytes())),
    sealed,
  })
  decodeLockbox(encoded)
  return encoded
}

/**
 * Reads a lockbox from outside. Proves nothing: see `verifyLockbox`.
 * @throws LOCKBOX_INVALID for other than canonical encodings, the identity, scalars at or above the order, keepers
 * named twice, and thresholds outside 1..n.
 */
export function decodeLockbox(encoded: Uint8Array): Lockbox {
  const lockbox = decodeMap(encoded, MAX_BLOCK_BYTES, invalid, readLockbox)
  const { keepers, commitments } = lockbox
  if (commitments.length < 1 || commitments.length > keepers.length) throw invalid('its threshold is out of range')
  if (new Set(keepers.map(({ publicKey }) => publicKey)).size < keepers.length) throw invalid('it has a key twice')
  if (new Set(keepers.map(({ peerId }) => peerId)).size < keepers.length) throw invalid('it has a keeper twice')
  return lockbox
}

function readLockbox(reader: MapReader): Lockbox {
  const format = reader.uint('format', { max: 2 ** 32 - 1 })
  if (format !== FORMAT) throw invalid(`it has format ${format}, this program reads ${FORMAT}`)
  const commitments = reader.bytes('commitments', { min: ELEMENT_BYTES, max: MAX_KEEPERS * ELEMENT_BYTES })
  return {
    keepers: reader.list('keepers', { min: 1, max: MAX_KEEPERS }, readKeeper),
    commitments: splitBytes(commitments, ELEMENT_BYTES).map(point),
    sealed: reader.bytes('sealed', { max: MAX_BLOCK_BYTES }),
  }
}

function readKeeper(reader: MapReader): LockboxKeeper {
  return {
    peerId: reader.text('peerId', { min: 1, max: MAX_PEER_ID }),
    publicKey: bytesToHex(point(reader.fixedBytes('publicKey', ELEMENT_BYTES)).toBytes()),
    encryptedShare: point(reader.fixedBytes('share', ELEMENT_BYTES)),
    proof: {
      challenge: scalar(reader.fixedBytes('challenge', ELEMENT_BYTES)),
      response: scalar(reader.fixedBytes('response', ELEMENT_BYTES)),
    },
  }
}

function point(bytes: Uint8Array): Point {
  const decoded = decodePoint(bytes)
  if (decoded === undefined) throw invalid('a point is not canonical, or the identity')
  return decoded
}

function scalar(bytes: Uint8Array): bigint {
  const decoded = decodeScalar(bytes)
  if (decoded === undefined) throw invalid('a scalar is not below the group’s order')
  return decoded
}

function invalid(reason: string): SluiceError {
  return new SluiceError('LOCKBOX_INVALID', `The lockbox is invalid: ${reason}.`)
}
