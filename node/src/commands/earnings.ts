import { NATIVE_TOKEN, readKeyCredits, readMarketCredits } from '@sluice/sdk/chain'
import type { EarningsDay, EarningsFigures } from '@sluice/sdk/graph'
import type { Command } from 'commander'
import { isAddressEqual } from 'viem'
import type { Address } from 'viem'
import { askIndex } from './ask-index.ts'
import type { Context } from './context.ts'
import { formatTokenAmount, parseAddress, parseInteger } from './format.ts'
import { withNode } from './run.ts'

const DAY_SECONDS = 86_400
const MAX_DAYS = 3650

type EarningsOptions = { account?: string; byDay?: boolean; days: string }
type Total = EarningsFigures & {
  /** What the chain owes the account now, for keys sold and resold. */
  readonly withdrawable: bigint
}

/** What can bring something in, in the order in which it is told. */
const SOURCES = [
  ['claimed', 'slices served'],
  ['sold', 'keys sold'],
  ['referred', 'referrals'],
  ['royalties', 'royalties'],
  ['resold', 'keys resold'],
] as const satisfies readonly (readonly [keyof EarningsFigures, string])[]

export function registerEarnings(program: Command, signal: AbortSignal): void {
  program
    .command('earnings')
    .description('List what this wallet, or the node’s, was paid: from the index, but for what the chain owes it now')
    .option('--by-day', 'also day by day, the latest first')
    .option('--days <count>', 'how many days back', '30')
    .option('--account <address>', 'of another wallet')
    .action(withNode(signal, run))
}

async function run(context: Context, options: EarningsOptions): Promise<void> {
  const { signal, output } = context
  const days = parseInteger(options.days, '--days', 1, MAX_DAYS)
  const wallet = (await context.findWallet())?.account.address
  const account =
    options.account === undefined ? (wallet ?? context.status.wallet) : parseAddress(options.account, '--account')
  const own = wallet !== undefined && isAddressEqual(wallet, account)
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS)
  const span = { since: today - days + 1, until: today }
  const { answer, index } = await askIndex(context, async (reader) => {
    const asked = { account, signal }
    const totals = await reader.earningsTotals(asked)
    return { totals, days: options.byDay === true ? await reader.earningsDays({ ...asked, ...span }) : undefined }
  })
  const totals = await withCredits(context, account, answer.totals)
  output.result({ account, totals, ...(answer.days !== undefined && { days: answer.days }), index }, [
    ...(answer.days ?? []).flatMap(dayLines),
    ...totals.flatMap((total) => totalLines(total, own)),
    ...(totals.length === 0 ? [`${account} has earned nothing yet.`] : []),
  ])
}

/** Adds what the chain owes, in each token that the index names and in the chain's coin. */
async function withCredits(
  context: Context,
  account: Address,
  totals: readonly EarningsFigures[],
): Promise<readonly Total[]> {
  const client = await context.publicClient()
  const { contracts } = context
  const named = totals.some(({ token }) => token === NATIVE_TOKEN) ? totals : [...totals, NOTHING]
  const owed = await Promise.all(
    named.map(async (figures): Promise<Total> => {
      const asked = { contracts, account, token: figures.token }
      const credits = await Promise.all([readKeyCredits(client, asked), readMarketCredits(client, asked)])
      return { ...figures, withdrawable: credits[0] + credits[1] }
    }),
  )
  return owed.filter((total) => total.withdrawable > 0n || sumOf(total) > 0n)
}

const NOTHING: EarningsFigures = {
  token: NATIVE_TOKEN,
  claimed: 0n,
  claimCount: 0,
  sold: 0n,
  referred: 0n,
  royalties: 0n,
  resold: 0n,
}

function sumOf(figures: EarningsFigures): bigint {
  return SOURCES.reduce((sum, [name]) => sum + figures[name], 0n)
}

function dayLines(day: EarningsDay): string[] {
  const date = new Date(day.day * DAY_SECONDS * 1000).toISOString().slice(0, 10)
  return [`${date}  ${formatTokenAmount(sumOf(day), day.token).padStart(14)}  ${parts(day)}`]
}

/**
 * A token's sum, and what is left to take of what keys brought in; the command for it where the wallet is the
 * account's.
 */
export function totalLines(total: Total, own: boolean): string[] {
  const { token, withdrawable } = total
  const all = formatTokenAmount(sumOf(total), token)
  const owed = formatTokenAmount(withdrawable, token)
  const command = token === NATIVE_TOKEN ? 'sluice withdraw --sales' : `sluice withdraw --sales --token ${token}`
  const hint = withdrawable === 0n || !own ? '' : `; take it with: ${command}`
  return [`In all ${all}: ${parts(total)}`, `For keys the chain owes ${owed}${hint}`]
}

function parts(figures: EarningsFigures): string {
  const named = SOURCES.filter(([name]) => figures[name] > 0n)
  return named.map(([name, label]) => `${label} ${formatTokenAmount(figures[name], figures.token)}`).join(', ')
}
