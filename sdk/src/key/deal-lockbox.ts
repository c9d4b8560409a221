import { SluiceError } from '../errors.ts'
import { dealEquality } from './deal-proof.ts'
import { proveEquality } from './equality-proof.ts'
import { BASE, KEEPER_BASE, mod, randomScalar } from './group.ts'
import { parseKeeperKey } from './keeper-key.ts'
import type { Keeper } from './keeper-key.ts'
import { keepersHashOf, labelOf, MAX_KEEPERS } from './label.ts'
import type { LockboxContext } from './label.ts'
import { encodeLockbox } from './lockbox.ts'
import type { LockboxKeeper } from './lockbox.ts'
import { lockboxCipher } from './lockbox-cipher.ts'
import { encodePayload } from './payload.ts'
import type { LockboxPayload } from './payload.ts'

export declare namespace dealLockbox {
  type Options = {
    readonly context: LockboxContext
    /** Whose keys were proven to be theirs: see `verifyKeeperKey`. At most 64, each once. */
    readonly keepers: readonly Keeper[]
    /** Shares that open the lockbox, 1 to the number of keepers. */
    readonly threshold: number
    readonly payload: LockboxPayload
  }
}

/**
 * Seals an edition's keys and shares the secret among keepers, verifiably (Schoenmakers 1999). Every deal takes a fresh
 * polynomial, so dealing again gives another lockbox.
 * @returns The encoded lockbox; its hash goes on chain.
 * @throws BAD_INPUT for a threshold or keepers that make no deal.
 */
export async function dealLockbox(options: dealLockbox.Options): Promise<Uint8Array> {
  const { context, keepers, threshold, payload } = options
  assertDealable(keepers, threshold)
  const label = labelOf({
    ...context,
    threshold,
    keeperCount: keepers.length,
    keepersHash: keepersHashOf(keepers),
  })
  const polynomial = Array.from({ length: threshold }, () => randomScalar())
  const secret = KEEPER_BASE.multiply(evaluate(polynomial, 0))
  return encodeLockbox({
    keepers: keepers.map((keeper, at) => dealTo(keeper, at + 1, label, polynomial)),
    commitments: polynomial.map((coefficient) => BASE.multiply(coefficient)),
    sealed: await lockboxCipher(secret, label).encrypt(encodePayload(payload)),
  })
}

function dealTo(keeper: Keeper, index: number, label: `0x${string}`, polynomial: readonly bigint[]): LockboxKeeper {
  const publicKey = parseKeeperKey(keeper.publicKey)
  if (publicKey === undefined) {
    throw new SluiceError('BAD_INPUT', `Keeper ${keeper.peerId} has no valid key.`, {
      details: { peerId: keeper.peerId },
    })
  }
  const value = evaluate(polynomial, index)
  const [commitment, encryptedShare] = [BASE.multiply(value), publicKey.multiply(value)]
  const proof = proveEquality(dealEquality(label, { index, publicKey, commitment, encryptedShare }), value)
  return { ...keeper, encryptedShare, proof }
}

function evaluate(polynomial: readonly bigint[], at: number): bigint {
  return polynomial.reduceRight((value, coefficient) => mod(value * BigInt(at) + coefficient), 0n)
}

function assertDealable(keepers: readonly Keeper[], threshold: number): void {
  const valid = Number.isInteger(threshold) && threshold >= 1 && threshold <= keepers.length
  if (valid && keepers.length <= MAX_KEEPERS) return
  throw new SluiceError('BAD_INPUT', `${threshold} of ${keepers.length} keepers is not a deal.`, {
    hint: `Choose up to ${MAX_KEEPERS} keepers, and a threshold from 1 to their number.`,
  })
}
