import { SluiceError } from '../errors.ts'
import { invert, mod } from './group.ts'
import type { Point } from './group.ts'
import { lockboxCipher } from './lockbox-cipher.ts'
import { decodePayload, fraud } from './payload.ts'
import type { LockboxPayload } from './payload.ts'
import type { VerifiedLockbox } from './verify-lockbox.ts'
import type { Share } from './verify-share.ts'

/** What the chain and the manifest say that an edition opens. */
export type EditionRange = { readonly sliceCount: number; readonly firstSlice: number; readonly lastSlice: number }

/**
 * The shared secret `S = Σ λ_i·S_i`, from exactly as many proven shares as the threshold, each of another keeper.
 * @throws NOT_ENOUGH_SHARES when there are fewer; surplus shares are not looked at.
 */
export function combineShares(shares: readonly Share[], threshold: number): Point {
  const distinct = [...new Map(shares.map((share) => [share.index, share])).values()].slice(0, threshold)
  const [first, ...rest] = distinct.map(({ index, point }) => point.multiplyUnsafe(lagrangeAtZero(index, distinct)))
  if (first === undefined || distinct.length < threshold) {
    throw new SluiceError('NOT_ENOUGH_SHARES', `${distinct.length} of ${threshold} shares.`)
  }
  return rest.reduce((sum, point) => sum.add(point), first)
}

/**
 * Opens a verified lockbox with proven shares.
 * @throws NOT_ENOUGH_SHARES; FRAUD_PROVEN when what the creator sealed does not open, is malformed, or is not the keys
 * of the edition's slices: the deals and shares leave nobody else to blame.
 */
export async function openLockbox(
  lockbox: VerifiedLockbox,
  shares: readonly Share[],
  range: EditionRange,
): Promise<LockboxPayload> {
  const secret = combineShares(shares, lockbox.threshold)
  if (secret.is0()) throw fraud('its secret is the identity')
  const payload = decodePayload(await unseal(lockbox, secret))
  const { sliceCount, firstSlice, lastSlice } = payload.cover
  if (sliceCount !== range.sliceCount || firstSlice !== range.firstSlice || lastSlice !== range.lastSlice) {
    throw fraud(`it opens slices ${firstSlice}..${lastSlice} of ${sliceCount}, not what the edition sells`)
  }
  return payload
}

async function unseal({ sealed, label }: VerifiedLockbox, secret: Point): Promise<Uint8Array> {
  try {
    return await lockboxCipher(secret, label).decrypt(sealed)
  } catch {
    throw fraud('it does not open with the secret that was shared')
  }
}

function lagrangeAtZero(index: number, shares: readonly Share[]): bigint {
  let [numerator, denominator] = [1n, 1n]
  for (const other of shares) {
    if (other.index === index) continue
    numerator = mod(numerator * BigInt(other.index))
    denominator = mod(denominator * BigInt(other.index - index))
  }
  return mod(numerator * invert(denominator))
}
