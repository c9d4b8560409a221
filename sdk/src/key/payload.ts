import { sha256 as sha256Sync } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { equalBytes, splitBytes } from '../content/bytes.ts'
import { HASH_BYTES, KEY_BYTES, MAX_BLOCK_BYTES, MAX_SLICES } from '../content/constants.ts'
import { coverPositions } from '../content/key-tree.ts'
import type { Cover } from '../content/key-tree.ts'
import { createSliceKeys } from '../content/slice-keys.ts'
import { decodeMap, encodeMap } from '../content/strict-cbor.ts'
import type { MapReader } from '../content/strict-cbor.ts'
import { SluiceError } from '../errors.ts'

/** Slices of a range edition at most: their hashes must fit a block. A whole content may have any number. */
export const MAX_RANGE_SLICES = 16_384

/** What a lockbox holds: the keys, and what to hold their creator to. */
export type LockboxPayload = {
  readonly cover: Cover
  /** For a whole content: see `createPlaintextDigest`. For a range, the keys' own hashes are sealed instead. */
  readonly plaintextDigest?: Uint8Array
}

/** Encodes a payload. @throws BAD_INPUT when a whole content comes without its digest, or a range is too long. */
export function encodePayload({ cover, plaintextDigest }: LockboxPayload): Uint8Array {
  const whole = isWhole(cover)
  if (whole !== (plaintextDigest !== undefined)) {
    throw new SluiceError('BAD_INPUT', 'A plaintext digest belongs to an edition of the whole content, and only there.')
  }
  if (!whole && cover.lastSlice - cover.firstSlice >= MAX_RANGE_SLICES) {
    throw new SluiceError('BAD_INPUT', `An edition of a part has at most ${MAX_RANGE_SLICES} slices.`, {
      hint: 'Sell the whole content, or several parts.',
    })
  }
  return encodeMap({
    sliceCount: cover.sliceCount,
    firstSlice: cover.firstSlice,
    lastSlice: cover.lastSlice,
    nodes: concatBytes(...cover.nodes),
    plaintextDigest,
    keyHashes: whole ? undefined : keyHashesOf(cover),
  })
}

/** Reads an opened payload. @throws FRAUD_PROVEN when it is malformed or its keys are not those it vouches for. */
export function decodePayload(encoded: Uint8Array): LockboxPayload {
  return decodeMap(encoded, MAX_BLOCK_BYTES, fraud, readPayload)
}

/** The creator is at fault: what the shares opened is exactly what it sealed. */
export function fraud(reason: string): SluiceError {
  return new SluiceError('FRAUD_PROVEN', `The creator sealed a false lockbox: ${reason}.`, {
    hint: 'Every deal and share was proven, so this is the creator’s doing and not a keeper’s.',
  })
}

function readPayload(reader: MapReader): LockboxPayload {
  const sliceCount = reader.uint('sliceCount', { min: 1, max: MAX_SLICES })
  const firstSlice = reader.uint('firstSlice', { max: sliceCount - 1 })
  const lastSlice = reader.uint('lastSlice', { min: firstSlice, max: sliceCount - 1 })
  const nodeCount = coverPositions(sliceCount, firstSlice, lastSlice).length
  const nodes = splitBytes(reader.fixedBytes('nodes', nodeCount * KEY_BYTES), KEY_BYTES)
  const cover = { sliceCount, firstSlice, lastSlice, nodes }
  if (isWhole(cover)) return { cover, plaintextDigest: reader.fixedBytes('plaintextDigest', HASH_BYTES) }
  const count = lastSlice - firstSlice + 1
  if (count > MAX_RANGE_SLICES) throw fraud('its range is too long')
  if (!equalBytes(reader.fixedBytes('keyHashes', count * HASH_BYTES), keyHashesOf(cover))) {
    throw fraud('its keys are not those it vouches for')
  }
  return { cover }
}

function isWhole({ sliceCount, firstSlice, lastSlice }: Cover): boolean {
  return firstSlice === 0 && lastSlice === sliceCount - 1
}

function keyHashesOf(cover: Cover): Uint8Array {
  const keys = createSliceKeys(cover)
  const hashes = new Uint8Array((cover.lastSlice - cover.firstSlice + 1) * HASH_BYTES)
  for (let index = cover.firstSlice; index <= cover.lastSlice; index += 1) {
    hashes.set(sha256Sync(keys.keyOf(index)), (index - cover.firstSlice) * HASH_BYTES)
  }
  return hashes
}
