import type { Address } from 'viem'
import type { Ask, Asking } from './ask.ts'
import type { Fields } from './fields.ts'

const MAX_ROWS = 1_000

/** What an account was paid or credited on one day in one token, in its base units. */
export type EarningsDay = {
  /** Whole days since 1970, in UTC. */
  readonly day: number
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

export declare namespace readEarningsDays {
  type Options = Asking & {
    /** A node's wallet, or any other. */
    readonly account: Address
    /** Oldest day to tell of. */
    readonly since: number
  }
}

/**
 * What an account earned, the latest day first; at most 1,000 rows of a day and a token.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export async function readEarningsDays(ask: Ask, options: readEarningsDays.Options): Promise<readonly EarningsDay[]> {
  const where = { account: options.account.toLowerCase(), day_gte: options.since }
  const answer = await ask('earningsDays', { where, first: MAX_ROWS }, options)
  return answer.many('earningsDays', MAX_ROWS, toDay)
}

function toDay(entry: Fields): EarningsDay {
  return {
    day: entry.count('day'),
    token: entry.one('token').address('id'),
    claimed: entry.amount('claimed'),
    claimCount: entry.count('claimCount'),
    sold: entry.amount('sold'),
    referred: entry.amount('referred'),
    royalties: entry.amount('royalties'),
    resold: entry.amount('resold'),
  }
}
