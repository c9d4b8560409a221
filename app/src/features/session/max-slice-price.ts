import type { Address } from 'viem'
import { UINT96_MAX } from '../../web3/parse-amount.ts'
import { useStored } from '../../ui/use-stored.ts'

/**
 * A seeder that asks for so many times what this page's own node asks is passed over, unless the user said otherwise.
 */
const FAIR_MULTIPLE = 10n

/**
 * The most that this browser pays for one slice; undefined where nobody has set it and the own node asks for nothing.
 */
export function useMaxSlicePrice(token: Address, slicePrice: bigint | undefined) {
  const [stored, store] = useStored(`sluice-max-slice-price-${token.toLowerCase()}`)
  const choose = (limit: bigint | undefined): void => store(limit?.toString() ?? null)
  return { limit: maxSlicePrice(readLimit(stored), slicePrice), choose }
}

/** What the user chose, or a fair multiple of what the own node asks. */
export function maxSlicePrice(chosen: bigint | undefined, slicePrice: bigint | undefined): bigint | undefined {
  return chosen ?? (slicePrice === undefined ? undefined : slicePrice * FAIR_MULTIPLE)
}

/** Reads what was stored; what is no amount of base units counts as nothing. */
export function readLimit(stored: string | null): bigint | undefined {
  if (stored === null || !/^\d{1,29}$/u.test(stored)) return undefined
  const limit = BigInt(stored)
  return limit > UINT96_MAX ? undefined : limit
}
