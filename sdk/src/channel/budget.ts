import { SluiceError } from '../errors.ts'

/** What a user lets a download spend, shared by all its sources; base units of one token. */
export type Budget = {
  readonly limit: bigint
  /** Taken and not given back. */
  readonly taken: bigint
  /** Taken, and neither given back nor spent: it may come back. */
  readonly outstanding: bigint
  /** Takes `amount` if as much is left. */
  take(amount: bigint): boolean
  /** Gives back what was taken and not spent. */
  give(amount: bigint): void
  /** What was taken is gone for good: what it was taken for has come. */
  spend(amount: bigint): void
  /** Calls back whenever some came back; returns how to stop it. Throws INTERNAL beyond sixteen listeners. */
  onGiven(listener: () => void): () => void
}

const MAX_LISTENERS = 16

export function createBudget(limit: bigint): Budget {
  const listeners = new Set<() => void>()
  let taken = 0n
  let spent = 0n
  return {
    limit,
    get taken() {
      return taken
    },
    get outstanding() {
      return taken - spent
    },
    take: (amount) => {
      if (taken + amount > limit) return false
      taken += amount
      return true
    },
    give: (amount) => {
      taken -= amount
      if (amount > 0n) for (const listener of listeners) listener()
    },
    spend: (amount) => {
      spent += amount
    },
    onGiven: (listener) => {
      if (listeners.size >= MAX_LISTENERS) throw new SluiceError('INTERNAL', `A budget has ${MAX_LISTENERS} listeners.`)
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** The refusal where a budget has not enough left. */
export function budgetUsedUp({ limit }: Budget): SluiceError {
  return new SluiceError('INSUFFICIENT_FUNDS', 'The download’s budget is used up.', { details: { budget: limit } })
}

/** Whether a refusal is of a {@link Budget}, and not of a channel or an escrow. */
export function isOfBudget({ details }: SluiceError): boolean {
  return 'budget' in details
}

/**
 * How many sources are worth paying: each needs a channel of at least `minChannel`, and opening one costs gas, so a small
 * content is fetched from one paid source.
 */
export function paidSourceLimit(remainingValue: bigint, minChannel: bigint): number {
  if (minChannel <= 0n) return Number.MAX_SAFE_INTEGER
  const sources = remainingValue / minChannel
  return sources < 1n ? 1 : Number(sources)
}
