import { parseUnits } from 'viem'

/** The most that a channel can hold. */
export const UINT96_MAX = 2n ** 96n - 1n

/** What somebody typed, in base units; undefined for what is no amount, or too large a one. */
export function parseAmount(text: string, decimals: number): bigint | undefined {
  if (!/^\d{1,20}(\.\d{1,40})?$/u.test(text.trim())) return undefined
  const amount = parseUnits(text.trim(), decimals)
  return amount > UINT96_MAX ? undefined : amount
}
