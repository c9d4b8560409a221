import { SluiceError } from '../errors.ts'
import type { OpenedMessage, PaidMessage, TermsMessage } from '../wire/index.ts'
import type { ClientContext, ClientState, LiveFunding } from './client-context.ts'

/** Slices that are paid in one message at most. */
const MAX_BATCH = 8

/**
 * Pays once enough has been verified for a message of its own, or once nothing more is on its way. A quarter of the credit
 * keeps a server from waiting for it; where others of the wallet use the same credit, every slice is paid at once.
 */
export function payWhenDue(context: ClientContext): void {
  const { state } = context
  const { terms, unpaid, outstanding, verifying, funding } = state
  if (terms === undefined || terms.price === 0n) return
  const batch = (funding?.credit ?? 0n) / (4n * terms.price)
  if (unpaid >= MAX_BATCH || BigInt(unpaid) >= batch || outstanding.size + verifying.size === 0) payNext(context)
}

/**
 * Pays for all that has been verified, in one message: while one payment is being saved, more slices arrive.
 * @param again also when nothing is due, to repeat what the server does not know of
 */
export function payNext(context: ClientContext, again = false): void {
  const { state, asker } = context
  const { funding, terms } = state
  if (terms === undefined || funding === undefined || !funding.usable || state.paying) return
  const count = payable(state.unpaid, terms.price, funding)
  if (count === 0 && !again) return requireFunds(context, terms, funding)
  state.paying = true
  const { channelId, knownRoot } = funding
  asker.ask('pay', { channelId, price: terms.price, count, knownRoot }, ({ message, promised, tickRoot }) => {
    state.paying = false
    state.unpaid -= count
    funding.promised = promised
    funding.knownRoot = tickRoot
    context.send(message)
    requireFunds(context, terms, funding)
    payWhenDue(context)
  })
}

export function receiveOpened(context: ClientContext, { channelId, deposit }: OpenedMessage): void {
  const { state, asker } = context
  const { funding } = state
  if (funding?.channelId !== channelId || funding.openingSince === undefined) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The server opened a channel that was not asked for.')
  }
  asker.ask('opened', { channelId, deposit }, (known) => {
    funding.openingSince = undefined
    funding.usable = true
    funding.deposit = known.deposit
    state.progressAt = state.now
    payNext(context)
  })
}

/** Payments are absolute and saved before they leave: an answer tells only what is still on its way. */
export function receivePaid({ state }: ClientContext, { channelId, total }: PaidMessage): void {
  const { funding } = state
  if (funding?.channelId === channelId && total > funding.acknowledged) funding.acknowledged = total
}

/** Whether nothing is due, being paid, or on its way to the server. */
export function isSettled({ fundingAsked, funding, unpaid, paying }: ClientState): boolean {
  if (!fundingAsked) return true
  if (funding === undefined || funding.openingSince !== undefined) return false
  return unpaid === 0 && !paying && funding.promised <= funding.acknowledged
}

/** Asks for a larger deposit before the channel runs dry, while slices worth more than what is left are to come. */
function requireFunds(context: ClientContext, terms: TermsMessage, funding: LiveFunding): void {
  const { state, asker, config } = context
  const left = funding.deposit - funding.promised
  const near = 2n * terms.credit
  const toCome = Math.max(config.expectedSlices - state.verified, state.outstanding.size) + state.unpaid
  const value = BigInt(toCome) * terms.price
  if (left >= value || left >= near || funding.openingSince !== undefined) return
  if (state.exhausted !== undefined) {
    if (state.unpaid > 0 && left < terms.price) context.end(state.exhausted)
    return
  }
  funding.openingSince = state.now
  asker.ask(
    'topUp',
    { terms, channelId: funding.channelId, value: value - left },
    (message) => context.send(message),
    (error) => {
      funding.openingSince = undefined
      state.exhausted = error
      requireFunds(context, terms, funding)
    },
  )
}

function payable(unpaid: number, price: bigint, { deposit, promised }: LiveFunding): number {
  const affordable = (deposit - promised) / price
  return BigInt(unpaid) < affordable ? unpaid : Number(affordable)
}
