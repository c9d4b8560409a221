import { SluiceError } from '../errors.ts'
import { sameHex } from '../channel/index.ts'
import type { ChallengeMessage, TermsMessage } from '../wire/index.ts'
import type { ClientContext } from './client-context.ts'
import type { Funding } from './client-types.ts'
import { payNext } from './client-payments.ts'

export function receiveChallenge(context: ClientContext, { nonce }: ChallengeMessage): void {
  const { state, asker } = context
  if (state.phase !== 'greeting') throw new SluiceError('PROTOCOL_VIOLATION', 'The server sent a second challenge.')
  state.phase = 'hello'
  asker.ask('signHello', { challenge: nonce }, (hello) => {
    state.hello = hello
    context.send(hello)
  })
}

/** Takes terms only from the peer that was meant, and only within what the user allows. */
export function receiveTerms(context: ClientContext, terms: TermsMessage): void {
  const { state, asker } = context
  const { hello } = state
  if (state.phase !== 'hello' || hello === undefined) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The server sent terms that were not asked for.')
  }
  state.phase = 'checking'
  asker.ask('checkTerms', { hello, terms }, (valid) => {
    if (!valid) return context.end(new SluiceError('SIGNATURE_INVALID', 'The terms are not signed by this peer.'))
    checkOffer(context, terms)
    state.terms = terms
    state.phase = 'ready'
    state.progressAt = state.now
    context.emit({ type: 'ready', terms })
  })
}

function checkOffer({ config, state }: ClientContext, terms: TermsMessage): void {
  if (terms.expiry * 1000n <= BigInt(state.now)) throw new SluiceError('TERMS_EXPIRED', 'The terms are over already.')
  if (terms.sliceCount !== config.sliceCount) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The server counts other slices than the manifest.')
  }
  if (terms.price === 0n) return
  if (terms.price > config.maxPrice || !sameHex(terms.token, config.token)) {
    const details = { price: terms.price, token: terms.token, maxPrice: config.maxPrice }
    throw new SluiceError('PRICE_TOO_HIGH', `The source asks ${terms.price} per slice.`, { details })
  }
}

/** Finds or opens a channel when the first paid slice is wanted: comparing prices costs nothing. */
export function fundOnce(context: ClientContext, terms: TermsMessage): void {
  const { state, asker, config } = context
  if (state.fundingAsked || terms.price === 0n) return
  state.fundingAsked = true
  asker.ask('fund', { terms, value: BigInt(config.expectedSlices) * terms.price }, (funding) => {
    const believed = believedDebt(terms, funding)
    state.unpaid += Number((believed + terms.price - 1n) / terms.price)
    state.funding = {
      channelId: funding.channelId,
      deposit: funding.deposit,
      promised: funding.promised,
      openingSince: funding.message && state.now,
      usable: funding.message === undefined,
      acknowledged: terms.channel?.channelId === funding.channelId ? terms.channel.accepted : 0n,
      credit: funding.shared ? 0n : terms.credit - unbelieved(terms, funding, believed),
      knownRoot: undefined,
    }
    if (funding.message !== undefined) context.send(funding.message)
    payNext(context, funding.unacknowledged > 0n)
  })
}

/**
 * How much of the server's claim this side believes: what it knows to have lost on the way. A stranger's claim is not
 * paid, and what was promised before is on its way already.
 * @throws CREDIT_EXHAUSTED when what is not believed leaves no credit for even one slice
 */
function believedDebt(terms: TermsMessage, { unacknowledged, lost, shared }: Funding): bigint {
  const claimed = claimedDebt(terms, unacknowledged)
  // Nobody who keeps to its own terms is owed more than its credit.
  const believed = [claimed, lost, terms.credit].reduce((least, amount) => (amount < least ? amount : least))
  if (!shared && claimed - believed + terms.price > terms.credit) {
    throw new SluiceError('CREDIT_EXHAUSTED', `The source claims ${terms.owed} from before.`, {
      details: { owed: terms.owed, credit: terms.credit },
    })
  }
  return believed
}

function unbelieved(terms: TermsMessage, { unacknowledged }: Funding, believed: bigint): bigint {
  return claimedDebt(terms, unacknowledged) - believed
}

function claimedDebt({ owed }: TermsMessage, unacknowledged: bigint): bigint {
  return owed > unacknowledged ? owed - unacknowledged : 0n
}
