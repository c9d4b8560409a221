/** Gas that opening and claiming a channel costs together; seeders ask for channels worth a multiple of it. */
const CHANNEL_GAS = 147_000n
const CHANNEL_WORTH = 20n
/** How many seeders a first budget should be able to draw from at once. */
const SOURCES = 3n

/**
 * A budget to start with: twice what the content costs in full, and enough for channels with three seeders, rounded up to
 * a figure with two digits. In base units; never zero.
 */
export function suggestBudget({ slices, slicePrice, gasPrice }: suggestBudget.Options): bigint {
  const whole = 2n * BigInt(slices) * slicePrice
  const channels = SOURCES * CHANNEL_WORTH * CHANNEL_GAS * gasPrice
  return roundUp(whole > channels ? whole : channels)
}

export declare namespace suggestBudget {
  type Options = {
    readonly slices: number
    /** What one slice costs, in base units of the token. */
    readonly slicePrice: bigint
    /** In base units of the native coin; zero where the budget is in another token. */
    readonly gasPrice: bigint
  }
}

function roundUp(amount: bigint): bigint {
  if (amount <= 0n) return 1n
  const step = 10n ** BigInt(Math.max(0, amount.toString().length - 2))
  return ((amount + step - 1n) / step) * step
}

/** Slices that a budget pays for; undefined where they are free. */
export function slicesFor(budget: bigint, slicePrice: bigint): bigint | undefined {
  return slicePrice === 0n ? undefined : budget / slicePrice
}
