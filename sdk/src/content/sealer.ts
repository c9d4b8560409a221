import { randomBytes } from '@noble/hashes/utils.js'
import { SluiceError } from '../errors.ts'
import { KEY_BYTES } from './constants.ts'
import { coverRange } from './key-tree.ts'
import { assertSliceRange } from './slice-count.ts'
import { sealSlice } from './slice-cipher.ts'
import { createSliceKeys } from './slice-keys.ts'

/** One attempt at sealing one content. */
export type Sealer = {
  /** Fresh, and this attempt's alone; kept by the creator to make editions. */
  readonly contentKey: Uint8Array
  /** Seals slice `index`; throws when this attempt has sealed that index before, whatever came of it. */
  seal(index: number, plaintext: Uint8Array): Promise<Uint8Array>
}

/**
 * Starts an attempt. The content key is made here and cannot be handed in: sealing the same index twice under one key
 * with different plaintext would reveal both plaintexts.
 */
export function createSealer(sliceCount: number): Sealer {
  const contentKey = randomBytes(KEY_BYTES)
  const keys = createSliceKeys(coverRange(contentKey, sliceCount, 0, sliceCount - 1))
  const sealed = new Uint8Array(Math.ceil(sliceCount / 8))

  return {
    contentKey,
    async seal(index, plaintext) {
      assertSliceRange(sliceCount, index, index)
      claimOnce(sealed, index)
      return sealSlice({ key: keys.keyOf(index), index, sliceCount }, plaintext)
    },
  }
}

function claimOnce(sealed: Uint8Array, index: number): void {
  const [byte, mask] = [index >> 3, 1 << (index & 7)]
  const before = sealed[byte] ?? 0
  if ((before & mask) !== 0) {
    throw new SluiceError('BAD_INPUT', `Slice ${index} was already sealed under this content key.`, {
      hint: 'Discard this attempt and publish again: a content key belongs to one attempt.',
    })
  }
  sealed[byte] = before | mask
}
