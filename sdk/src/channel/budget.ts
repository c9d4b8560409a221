/** What a user lets a download spend, shared by all its sources; base units of one token. */
export type Budget = {
  readonly limit: bigint
  /** Taken and not given back. */
  readonly taken: bigint
  /** Takes `amount` if as much is left. */
  take(amount: bigint): boolean
  /** Gives back what was taken and not spent. */
  give(amount: bigint): void
}

export function createBudget(limit: bigint): Budget {
  let taken = 0n
  return {
    limit,
    get taken() {
      return taken
    },
    take: (amount) => {
      if (taken + amount > limit) return false
      taken += amount
      return true
    },
    give: (amount) => {
      taken -= amount
    },
  }
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
