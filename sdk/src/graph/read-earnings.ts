import type { Address } from 'viem'
import type { Ask, Asking } from './ask.ts'
import type { Fields } from './fields.ts'

const MAX_ROWS = 1_000
const MAX_TOKENS = 100

/** What an account was paid or credited in one token, in its base units. */
export type EarningsFigures = {
  readonly token: Address
  /** For slices, by claims on channels. */
  readonly claimed: bigint
  readonly claimCount: number
  /** Its part of keys sold. */
  readonly sold: bigint
  /** For buyers it referred. */
  readonly referred: bigint
  /** Of keys that others resold. */
  readonly royalties: bigint
  /** For keys it resold, without the royalty. */
  readonly resold: bigint
}

/** The same of one day: whole days since 1970, in UTC. */
export type EarningsDay = EarningsFigures & { readonly day: number }

export declare namespace readEarningsTotals {
  /** `account`: a node's wallet, or any other. */
  type Options = Asking & { readonly account: Address }
}

/**
 * What an account earned since the beginning, a row for each token; of more than 100, those that it earned in last.
 * What of it can be withdrawn says the chain: `readKeyCredits`, `readMarketCredits`.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export async function readEarningsTotals(
  ask: Ask,
  options: readEarningsTotals.Options,
): Promise<readonly EarningsFigures[]> {
  const variables = { account: options.account.toLowerCase(), first: MAX_TOKENS }
  const answer = await ask('earningsTotals', variables, options)
  const rows = answer.many('earningsTotals', MAX_TOKENS, toFigures)
  return [...new Map(rows.map((row) => [row.token, row])).values()]
}

export declare namespace readEarningsDays {
  type Options = Asking & {
    /** A node's wallet, or any other. */
    readonly account: Address
    /** Oldest day to tell of. */
    readonly since: number
    /** Latest: today. */
    readonly until: number
  }
}

/**
 * What an account earned, the latest day first; at most 1,000 rows of a day and a token.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export async function readEarningsDays(ask: Ask, options: readEarningsDays.Options): Promise<readonly EarningsDay[]> {
  const where = { account: options.account.toLowerCase(), day_gte: options.since, day_lte: options.until }
  const answer = await ask('earningsDays', { where, first: MAX_ROWS }, options)
  const dayOf = (entry: Fields) => entry.count('day', options.since, options.until)
  return answer.many('earningsDays', MAX_ROWS, (entry) => ({ day: dayOf(entry), ...toFigures(entry) }))
}

function toFigures(entry: Fields): EarningsFigures {
  return {
    token: entry.one('token').address('id'),
    claimed: entry.amount('claimed'),
    claimCount: entry.count('claimCount'),
    sold: entry.amount('sold'),
    referred: entry.amount('referred'),
    royalties: entry.amount('royalties'),
    resold: entry.amount('resold'),
  }
}
