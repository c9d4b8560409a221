import { SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { HelloMessage, Offer } from '../wire/index.ts'
import { maskBits } from './bitfield.ts'
import { MAX_HELLO_AHEAD } from './hello.ts'
import { termsDigest } from './peer-key.ts'
import type { ServerContext } from './server-context.ts'
import type { Admission, Quote, ServedContent } from './server-types.ts'

/**
 * Judges a Hello in the order that costs least: what can be read off it, then the content, the signature, the session,
 * the entitlement, and last the debt, which goes into the offer.
 */
export function receiveHello(context: ServerContext, hello: HelloMessage): void {
  const { state, asker } = context
  if (state.phase !== 'hello') return context.end('PROTOCOL_VIOLATION', 'One Hello per connection.')
  state.phase = 'checking'
  const flaw = flawOf(context, hello)
  if (flaw !== undefined) return context.end(...flaw)
  asker.ask('content', hello.root, (content) => {
    if (content === undefined) return context.end('CONTENT_UNKNOWN', 'This content is not here.')
    checkIdentity(context, hello, content)
  })
}

export function unixSeconds(milliseconds: number): bigint {
  return BigInt(Math.floor(milliseconds / 1000))
}

function flawOf({ config, state }: ServerContext, hello: HelloMessage): [ErrorCode, string] | undefined {
  const now = unixSeconds(state.now)
  if (hello.challenge !== config.challenge) return ['SIGNATURE_INVALID', 'The Hello answers another challenge.']
  if (hello.serverPeerId !== config.peerId) return ['SIGNATURE_INVALID', 'The Hello is for another peer.']
  if (hello.chainId !== BigInt(config.domain.chainId)) return ['WRONG_CHAIN', 'The Hello is for another chain.']
  if (hello.expiry <= now) return ['SESSION_EXPIRED', 'The Hello has expired.']
  if (hello.expiry > now + MAX_HELLO_AHEAD) return ['BAD_INPUT', 'The Hello lives longer than ten minutes.']
  return undefined
}

function checkIdentity(context: ServerContext, hello: HelloMessage, content: ServedContent): void {
  const { identity } = hello
  if (content.open || (identity === undefined && hello.grant === undefined)) {
    return admit(context, content, { kind: 'public', root: hello.root, hello, allowed: content.publicSlices })
  }
  if (identity === undefined) return checkGrant(context, hello, content)
  context.asker.ask('verifyHello', hello, (valid) => {
    if (!valid) return context.end('SIGNATURE_INVALID', 'The Hello is not signed by its session.')
    if (hello.grant !== undefined) return checkGrant(context, hello, content)
    checkSession(context, hello, content, identity)
  })
}

function checkGrant(context: ServerContext, hello: HelloMessage, content: ServedContent): void {
  context.asker.ask('grant', hello, (honoured) => {
    if (!honoured) return context.end('NOT_ENTITLED', 'The grant is not honoured here.')
    admit(context, content, { kind: 'granted', root: hello.root, hello, allowed: everything(content) })
  })
}

function checkSession(
  context: ServerContext,
  hello: HelloMessage,
  content: ServedContent,
  { wallet, session }: NonNullable<HelloMessage['identity']>,
): void {
  const { asker } = context
  asker.ask('sessionExpiry', { wallet, session }, (expiry) => {
    if (expiry === 0n) return context.end('SESSION_FOREIGN', 'The session does not speak for this wallet.')
    if (expiry < hello.expiry) return context.end('SESSION_EXPIRED', 'The session ends before the Hello does.')
    asker.ask('entitlement', { root: hello.root, wallet, fresh: true }, (allowed) => {
      if (allowed.length === 0) return context.end('NOT_ENTITLED', 'The wallet holds no key to this content.')
      const { publicSlices } = content
      const speaker = { wallet, session, expiry }
      const served = [...allowed, ...publicSlices]
      admit(context, content, { kind: 'paid', root: hello.root, hello, allowed: served, publicSlices, speaker })
    })
  })
}

function admit(context: ServerContext, content: ServedContent, admission: Admission): void {
  context.asker.ask('quote', admission, (quote) => {
    context.state.admission = admission
    context.state.quote = quote
    sendTerms(context, content, admission, quote)
  })
}

function sendTerms(context: ServerContext, content: ServedContent, admission: Admission, quote: Quote): void {
  const { config, state, asker } = context
  const lifetime = unixSeconds(state.now) + config.termsLifetime
  const sessionEnd = admission.speaker?.expiry ?? lifetime
  state.termsExpiry = sessionEnd < lifetime ? sessionEnd : lifetime
  const offer: Offer = {
    termsId: 1,
    price: quote.price,
    token: quote.policy.token,
    payee: quote.policy.payee,
    credit: quote.credit,
    minChannel: quote.policy.minChannel,
    challenge: quote.policy.minChallenge,
    expiry: state.termsExpiry,
    sliceCount: content.sliceCount,
    has: maskBits(content.has, admission.allowed, content.sliceCount),
    owed: quote.owed,
    ...(quote.channel && { channel: quote.channel }),
  }
  asker.ask('sign', termsDigest(config.domain, admission.hello, offer), (signature) => {
    state.phase = 'serving'
    state.offered = offer.has.slice()
    state.progressAt = state.now
    state.checkedAt = state.now
    state.recheckedAt = state.now
    context.send({ type: 'terms', ...offer, signature })
  })
}

function everything({ sliceCount }: ServedContent): Admission['allowed'] {
  return sliceCount === 0 ? [] : [{ first: 0, last: sliceCount - 1 }]
}

export function requireServing({ state }: ServerContext): { admission: Admission; quote: Quote } {
  if (state.admission === undefined || state.quote === undefined) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'No terms have been agreed.')
  }
  return { admission: state.admission, quote: state.quote }
}
