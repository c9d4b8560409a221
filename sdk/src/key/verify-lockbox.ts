import { hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { dealEquality } from './deal-proof.ts'
import type { Deal } from './deal-proof.ts'
import { verifyEquality } from './equality-proof.ts'
import type { Proof } from './equality-proof.ts'
import { decodePoint } from './group.ts'
import type { Point } from './group.ts'
import { keepersHashOf, labelOf } from './label.ts'
import type { LabelPreimage, LockboxContext } from './label.ts'
import { decodeLockbox, lockboxHashOf } from './lockbox.ts'
import type { Lockbox } from './lockbox.ts'

/** One keeper's deal, proven. */
export type VerifiedDeal = Deal & { readonly peerId: string; readonly proof: Proof }

/** A lockbox of which it is certain that any `threshold` honest keepers can open it. */
export type VerifiedLockbox = {
  readonly label: Hex
  readonly preimage: LabelPreimage
  readonly threshold: number
  readonly deals: readonly VerifiedDeal[]
  readonly sealed: Uint8Array
}

export declare namespace verifyLockbox {
  type Options = {
    /** What the chain says of the edition, and the manifest of the root. */
    readonly context: LockboxContext
    /** `Edition.lockboxHash`, read from the chain. */
    readonly lockboxHash: Hex
  }
}

/**
 * Checks a lockbox before anything is paid for it: its hash, and every keeper's deal under the label of this very
 * edition. A key bought without this may never open.
 * @throws LOCKBOX_INVALID; `details.peerId` names the keeper whose deal is false.
 */
export function verifyLockbox(encoded: Uint8Array, { context, lockboxHash }: verifyLockbox.Options): VerifiedLockbox {
  if (lockboxHashOf(encoded) !== lockboxHash.toLowerCase()) {
    throw new SluiceError('LOCKBOX_INVALID', 'The lockbox is not the one that the chain names.')
  }
  const lockbox = decodeLockbox(encoded)
  const { keepers, commitments, sealed } = lockbox
  const threshold = commitments.length
  const preimage = { ...context, threshold, keeperCount: keepers.length, keepersHash: keepersHashOf(keepers) }
  const label = labelOf(preimage)
  const deals = keepers.map((_keeper, at) => verifyDeal(label, lockbox, at))
  return { label, preimage, threshold, deals, sealed }
}

function verifyDeal(label: Hex, { keepers, commitments }: Lockbox, at: number): VerifiedDeal {
  const keeper = keepers[at]
  const publicKey = keeper && decodePoint(hexToBytes(keeper.publicKey))
  if (keeper === undefined || publicKey === undefined) throw new SluiceError('INTERNAL', `No keeper at ${at}.`)
  const commitment = evaluateCommitments(commitments, at + 1)
  const deal = { index: at + 1, publicKey, commitment, encryptedShare: keeper.encryptedShare }
  if (commitment.is0() || !verifyEquality(dealEquality(label, deal), keeper.proof)) {
    throw new SluiceError('LOCKBOX_INVALID', `The deal to keeper ${keeper.peerId} is not proven.`, {
      details: { peerId: keeper.peerId },
    })
  }
  return { ...deal, peerId: keeper.peerId, proof: keeper.proof }
}

/** `X_i = Σ i^j·C_j`, by Horner's rule. */
function evaluateCommitments(commitments: readonly Point[], index: number): Point {
  return commitments.reduceRight((value, commitment) => value.multiplyUnsafe(BigInt(index)).add(commitment))
}
