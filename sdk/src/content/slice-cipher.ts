import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { gcm } from '@noble/ciphers/webcrypto.js'
import { SluiceError } from '../errors.ts'
import { u32 } from './bytes.ts'
import { LEAF_BYTES, SLICE_BYTES, TAG_BYTES } from './constants.ts'

const LABEL = utf8ToBytes('sluice/slice/1')
/** Each key seals exactly one slice, once, so that the nonce may be constant. */
const NONCE = new Uint8Array(12)

/** Where a slice sits, and its key. */
export type SliceSeal = { readonly key: Uint8Array; readonly index: number; readonly sliceCount: number }

/**
 * AES-256-GCM over at most 262,128 bytes; the result is 16 bytes longer. Not part of the package's surface: a key must
 * seal once, which only a sealer (see `sealer.ts`) can promise.
 */
export async function sealSlice(seal: SliceSeal, plaintext: Uint8Array): Promise<Uint8Array> {
  if (plaintext.length > SLICE_BYTES) {
    throw new SluiceError('BAD_INPUT', `A slice holds at most ${SLICE_BYTES} bytes, not ${plaintext.length}.`)
  }
  return cipherOf(seal).encrypt(plaintext)
}

/**
 * Opens one slice.
 * @throws DECRYPT_FAILED when the bytes were not sealed with this key at this index of this many slices. Bytes that
 * match the manifest's CIDs and still fail under the bought key are the creator's fraud.
 */
export async function openSlice(seal: SliceSeal, ciphertext: Uint8Array): Promise<Uint8Array> {
  if (ciphertext.length < TAG_BYTES || ciphertext.length > LEAF_BYTES) {
    throw new SluiceError('DECRYPT_FAILED', `A sealed slice has 16 to ${LEAF_BYTES} bytes, not ${ciphertext.length}.`)
  }
  try {
    return await cipherOf(seal).decrypt(ciphertext)
  } catch (cause) {
    throw new SluiceError('DECRYPT_FAILED', `Slice ${seal.index} does not open with this key.`, { cause })
  }
}

function cipherOf({ key, index, sliceCount }: SliceSeal): ReturnType<typeof gcm> {
  return gcm(key, NONCE, concatBytes(LABEL, u32(index), u32(sliceCount)))
}
