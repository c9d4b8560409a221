import type { PayeeChannel } from './payee.ts'
import { claimable } from './payee.ts'

/** When a claim is worth its gas. */
export type ClaimPolicy = {
  /** A claim must be worth at least this many times its gas. */
  readonly worthFactor: bigint
  /** Gas of one channel in a batch. */
  readonly gasPerClaim: bigint
}

export type GasMarket = {
  /** Wei per gas, now. */
  readonly gasPrice: bigint
  /** Wei that `unit` base units of the channel's token are worth; 1:1 for the native coin. */
  readonly rate: { readonly wei: bigint; readonly unit: bigint }
}

export type ClaimDecision =
  | { readonly claim: true; readonly amount: bigint; readonly urgent: boolean }
  | { readonly claim: false; readonly amount: bigint; readonly reason: 'nothing' | 'not-worth-gas' | 'closed' }

export const DEFAULT_CLAIM_POLICY: ClaimPolicy = { worthFactor: 5n, gasPerClaim: 60_000n }

/** All ones: the chain's mark of a closed channel. */
export const CLOSED_AT = 2n ** 40n - 1n

/**
 * Whether to claim a channel now: when it pays `worthFactor` times its gas, and in any case where it pays the gas at all
 * while the payer is taking the rest back.
 */
export function decideClaim(channel: PayeeChannel, policy: ClaimPolicy, market: GasMarket): ClaimDecision {
  const amount = claimable(channel)
  if (channel.closesAt === CLOSED_AT) return { claim: false, amount: 0n, reason: 'closed' }
  if (amount <= 0n) return { claim: false, amount: 0n, reason: 'nothing' }
  const closing = channel.closesAt !== 0n
  const cost = policy.gasPerClaim * market.gasPrice * (closing ? 1n : policy.worthFactor)
  const worth = (amount * market.rate.wei) / market.rate.unit
  if (worth < cost) return { claim: false, amount, reason: 'not-worth-gas' }
  return { claim: true, amount, urgent: closing }
}

/** Least deposit that is worth opening a channel for: `factor` times the gas of open and claim, in token base units. */
export function minChannelFor(market: GasMarket, options: { factor: bigint; gas: bigint }): bigint {
  const wei = market.gasPrice * options.gas * options.factor
  return (wei * market.rate.unit + market.rate.wei - 1n) / market.rate.wei
}

/** Gas of `open` and `claim` together, as measured: docs/gas.md. */
export const CHANNEL_GAS = 123_000n
export const CHANNEL_FACTOR = 20n
