import { hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { u32 } from '../content/bytes.ts'
import type { Equality } from './equality-proof.ts'
import { BASE } from './group.ts'
import type { Point } from './group.ts'

/** One keeper's part of a deal. */
export type Deal = {
  /** The keeper's place in the lockbox, from 1. */
  readonly index: number
  /** `y_i`, the keeper's public key. */
  readonly publicKey: Point
  /** `X_i = p(i)·g`. */
  readonly commitment: Point
  /** `Y_i = p(i)·y_i`. */
  readonly encryptedShare: Point
}

/** That `X_i` and `Y_i` hide the same `p(i)`, under this label and no other. */
export function dealEquality(label: Hex, { index, publicKey, commitment, encryptedShare }: Deal): Equality {
  return {
    bases: [BASE, publicKey],
    images: [commitment, encryptedShare],
    tag: 'sluice/deal/1',
    statement: [hexToBytes(label), u32(index), publicKey.toBytes(), commitment.toBytes(), encryptedShare.toBytes()],
  }
}
