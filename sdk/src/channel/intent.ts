import type { Address } from 'viem'
import { SluiceError } from '../errors.ts'
import type { OpenIntent, TopUp } from '../session/index.ts'
import { sameHex } from './descriptor.ts'

/** What a payee asks of a channel before it pays the gas of opening it. Amounts in base units of `token`. */
export type IntentPolicy = {
  readonly payee: Address
  readonly token: Address
  /** Least deposit of a new channel, and least raise of a top-up. */
  readonly minChannel: bigint
  /** Least challenge window, seconds. */
  readonly minChallenge: number
  /** Seconds that must be left for the transaction to be mined. */
  readonly minDeadline: bigint
}

/** The contract stores deposits in 96 bits. */
export const MAX_DEPOSIT = 2n ** 96n - 1n
/** The contract refuses intents further ahead than this, seconds. */
export const MAX_INTENT_AHEAD = 3600n

export type RefusedField = 'payee' | 'token' | 'amount' | 'challenge' | 'deadline'

/**
 * Decides whether a payee wants a channel on these conditions. Who signed it is the caller's to check.
 * @param now unix seconds
 * @throws INTENT_REFUSED with `details.field` naming the first condition that is not met
 */
export function acceptIntent(intent: OpenIntent, policy: IntentPolicy, now: bigint): void {
  if (!sameHex(intent.payee, policy.payee)) throw refused('payee', 'names another payee')
  if (!sameHex(intent.token, policy.token)) throw refused('token', 'is in another token')
  if (intent.amount < policy.minChannel) throw refused('amount', `is below ${policy.minChannel}`)
  if (intent.amount > MAX_DEPOSIT) throw refused('amount', 'is more than a channel can hold')
  if (intent.challenge < policy.minChallenge) throw refused('challenge', `is shorter than ${policy.minChallenge} s`)
  requireDeadline(intent.deadline, policy, now)
}

/**
 * Decides whether a raise of `deposit` is worth its gas.
 * @param deposit what the channel holds on chain, claimed part included
 * @throws INTENT_REFUSED with `details.field`
 */
export function acceptTopUp(order: TopUp, deposit: bigint, policy: IntentPolicy, now: bigint): void {
  if (order.newDeposit - deposit < policy.minChannel)
    throw refused('amount', `raises by less than ${policy.minChannel}`)
  if (order.newDeposit > MAX_DEPOSIT) throw refused('amount', 'is more than a channel can hold')
  requireDeadline(order.deadline, policy, now)
}

function requireDeadline(deadline: bigint, policy: IntentPolicy, now: bigint): void {
  if (deadline < now + policy.minDeadline) throw refused('deadline', 'leaves no time to be mined')
  if (deadline > now + MAX_INTENT_AHEAD) throw refused('deadline', 'is more than an hour ahead')
}

function refused(field: RefusedField, why: string): SluiceError {
  return new SluiceError('INTENT_REFUSED', `The intent ${why}.`, { details: { field } })
}
