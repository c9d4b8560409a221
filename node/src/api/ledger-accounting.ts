import { CLOSED_AT, claimable, decideClaim, paidTotal } from '@sluice/sdk/channel'
import type { ClaimDecision, ClaimPolicy, GasMarket } from '@sluice/sdk/channel'
import { createPayerLedger, earnedByRoot } from '../ledger/index.ts'
import type { Ledger, LedgerChannel } from '../ledger/index.ts'
import type { SliceService } from '../protocols/slice/index.ts'
import type { Store } from '../store/index.ts'
import type { Accounting } from './accounting.ts'
import { describePaying } from './describe-paying.ts'
import type { FindStanding } from './describe-paying.ts'
import type { ChannelEarnings, ChannelSummary, ContentEarnings } from './types.ts'

export type AccountingOptions = {
  readonly ledger: Ledger
  readonly slices: Pick<SliceService, 'claim'>
  readonly store: Pick<Store, 'get'>
  readonly policy: { readonly claim: ClaimPolicy; readonly rate: GasMarket['rate'] }
  /** Wei per gas, now. */
  readonly gasPrice: () => Promise<bigint>
  /** A channel as it stands on chain; undefined when it was never opened. */
  readonly standing: FindStanding
}

/** Shows the ledger as the admin API speaks: amounts as text, each channel with what could be collected and why not. */
export function createAccounting({ ledger, slices, store, policy, gasPrice, standing }: AccountingOptions): Accounting {
  const payer = createPayerLedger(ledger.database)

  async function decide(): Promise<{ channel: LedgerChannel; decision: ClaimDecision }[]> {
    const market = { gasPrice: await gasPrice(), rate: policy.rate }
    return ledger.channels().map((channel) => ({ channel, decision: decideClaim(channel, policy.claim, market) }))
  }

  return {
    channels: async (role) =>
      role === 'payee' ? ledger.channels().map(describePayee) : describePaying(await payer.list(), standing),
    async earnings() {
      const decided = await decide()
      const sum = (amounts: readonly bigint[]): string =>
        amounts.reduce((total, amount) => total + amount, 0n).toString()
      const claimables = (matches: (decision: ClaimDecision, channel: LedgerChannel) => boolean): string =>
        sum(
          decided.filter(({ decision, channel }) => matches(decision, channel)).map(({ decision }) => decision.amount),
        )
      return {
        contents: ledger.earnings().map(({ root, slices: count, earned }): ContentEarnings => {
          const { contentId, title } = store.get(root) ?? {}
          return {
            root,
            slices: count,
            earned: earned.toString(),
            ...(contentId === undefined ? {} : { contentId }),
            ...(title === undefined ? {} : { title }),
          }
        }),
        channels: decided.map(({ channel, decision }) => describeEarnings(channel, decision)),
        totals: {
          accepted: sum(decided.map(({ channel }) => paidTotal(channel))),
          claimed: sum(decided.map(({ channel }) => channel.claimed)),
          collectable: claimables(({ claim }) => claim),
          atRisk: claimables((_decision, { closesAt }) => closesAt !== 0n && closesAt !== CLOSED_AT),
          notWorthGas: claimables((decision) => !decision.claim && decision.reason === 'not-worth-gas'),
        },
      }
    },
    earned: () => earnedByRoot(ledger.earnings()),
    async claim({ channelIds, close = false, force = false }) {
      const claims = await slices.claim(channelIds, { close, force })
      return claims.map(({ channelId, amount, txHash }) => ({ channelId, amount: amount.toString(), txHash }))
    },
  }
}

function describePayee(channel: LedgerChannel): ChannelSummary {
  const { channelId, descriptor, deposit, claimed, closesAt, accepted } = channel
  const { payer, payee, token } = descriptor
  return {
    channelId,
    role: 'payee',
    payer,
    payee,
    token,
    deposit: deposit.toString(),
    claimed: claimed.toString(),
    accepted: paidTotal(channel).toString(),
    ticks: accepted?.ticks ?? 0,
    closesAt: closesAt === CLOSED_AT ? 0 : Number(closesAt),
    state: closesAt === 0n ? 'open' : closesAt === CLOSED_AT ? 'closed' : 'closing',
  }
}

function describeEarnings(channel: LedgerChannel, decision: ClaimDecision): ChannelEarnings {
  const { channelId, descriptor, claimed } = channel
  const reason = decision.claim ? (decision.urgent ? 'closing' : undefined) : decision.reason
  return {
    channelId,
    payer: descriptor.payer,
    token: descriptor.token,
    accepted: paidTotal(channel).toString(),
    claimed: claimed.toString(),
    claimable: claimable(channel).toString(),
    collectable: decision.claim,
    ...(reason === undefined ? {} : { reason }),
  }
}
