import { hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { u32 } from '../content/bytes.ts'
import type { Equality } from './equality-proof.ts'
import { KEEPER_BASE } from './group.ts'
import type { Point } from './group.ts'

/** A keeper's answer: `S_i = x_i⁻¹·Y_i`. */
export type ShareStatement = {
  /** Of the request that is answered. */
  readonly requestHash: Hex
  readonly index: number
  readonly publicKey: Point
  readonly share: Point
  readonly encryptedShare: Point
}

/** That `y_i = x_i·G` and `Y_i = x_i·S_i` have the same `x_i`, in answer to this request. */
export function shareEquality(statement: ShareStatement): Equality {
  const { requestHash, index, publicKey, share, encryptedShare } = statement
  return {
    bases: [KEEPER_BASE, share],
    images: [publicKey, encryptedShare],
    tag: 'sluice/share/1',
    statement: [
      hexToBytes(requestHash),
      u32(index),
      KEEPER_BASE.toBytes(),
      publicKey.toBytes(),
      share.toBytes(),
      encryptedShare.toBytes(),
    ],
  }
}
