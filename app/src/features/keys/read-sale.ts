import { parseAmount } from '../../web3/parse-amount.ts'

/** Days that an offer may last. An offer outlives the key it was made for, so none is for ever. */
export const OFFER_DAYS = [7, 30, 90] as const
const DAY_SECONDS = 86_400

/** What was typed. */
export type SaleDraft = { readonly price: string; readonly quantity: string; readonly days: string }
/** What is offered; the price in base units of the chain's coin. */
export type Sale = { readonly unitPrice: bigint; readonly quantity: bigint; readonly seconds: number }

export declare namespace readSale {
  type Errors = { readonly price?: string; readonly quantity?: string }
  /** `balance` is what the wallet holds. */
  type Limits = { readonly decimals: number; readonly balance: bigint }
}

/** What was typed as an offer, or what is wrong with it. */
export function readSale(
  { price, quantity, days }: SaleDraft,
  { decimals, balance }: readSale.Limits,
): { readonly sale?: Sale; readonly errors: readSale.Errors } {
  const unitPrice = parseAmount(price, decimals)
  const count = /^\d{1,18}$/u.test(quantity.trim()) ? BigInt(quantity.trim()) : 0n
  const lasting = OFFER_DAYS.find((one) => String(one) === days) ?? OFFER_DAYS[0]
  const priced = unitPrice !== undefined && unitPrice > 0n
  const counted = count > 0n && count <= balance
  const errors = {
    ...(!priced && { price: 'An amount above zero, such as 0.01.' }),
    ...(!counted && { quantity: `From 1 to ${String(balance)}.` }),
  }
  if (!priced || !counted) return { errors }
  return { sale: { unitPrice, quantity: count, seconds: lasting * DAY_SECONDS }, errors }
}
