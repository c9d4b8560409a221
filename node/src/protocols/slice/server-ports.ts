import { paidTotal, sameVoucher } from '@sluice/sdk/channel'
import { SluiceError } from '@sluice/sdk'
import { grantStruct, helloStruct } from '@sluice/sdk/exchange'
import type { Admission, Ports, Quote, ServerAsks, ServedContent, Speaker } from '@sluice/sdk/exchange'
import { hashHello, hashReplicationGrant, hashVoucher, verifyDigest } from '@sluice/sdk/session'
import { WIRE_LIMITS } from '@sluice/sdk/wire'
import type { ChannelStanding, HelloMessage, PayMessage } from '@sluice/sdk/wire'
import type { Hex } from 'viem'
import type { AccountKey } from '../../ledger/index.ts'
import type { ByteBudget } from './byte-budget.ts'
import { isOwn, requireOwn, requireSignature } from './opener.ts'
import type { Opener } from './opener.ts'
import type { Remote, SliceComponents } from './types.ts'

export type PortsContext = SliceComponents & {
  readonly opener: Opener
  readonly publicBytes: ByteBudget
  /** Least deposit of a new channel at the live gas price. */
  readonly minChannel: () => Promise<bigint>
  /** Tells the other connections of an account that it has paid. */
  readonly onPaid: (account: AccountKey) => void
}

/** Seconds that an intent must leave for its transaction to be mined. */
const MIN_DEADLINE = 60n

/** Answers the questions of one connection's machine from store, ledger and chain. */
export function createServerPorts(
  context: PortsContext,
  remote: Remote,
  onAccount: (account: AccountKey) => void,
): Ports<ServerAsks> {
  const { entitlements, sessions, identity, domain, opener } = context
  return {
    content: (root) => findContent(context, root.toString()),
    verifyHello: async (hello) => {
      if (hello.identity === undefined) return false
      const { session, signature } = hello.identity
      return verifyDigest(session, hashHello(domain, helloStruct(hello)), signature)
    },
    sessionExpiry: ({ wallet, session }) => sessions.expiry(wallet, session, { fresh: true }),
    entitlement: ({ root, wallet, fresh }) => entitlements.check(root.toString(), wallet, { fresh }),
    grant: (hello) => isHonoured(context, remote, hello),
    quote: (admission) => {
      if (admission.kind === 'paid') onAccount(accountOf(context, admission))
      return quote(context, admission)
    },
    sign: (digest) => identity.sign(digest),
    open: (request) => opener.open(request),
    topUp: (request) => opener.topUp(request),
    pay: ({ admission, message }) => pay(context, admission, message),
    reserve: ({ admission, quote: { price, credit }, index, waiting }) => {
      if (admission.kind === 'public') return take(context.publicBytes, remote) ? 'reserved' : 'limited'
      if (admission.kind === 'granted') return takeGrant(context, admission.hello) ? 'reserved' : 'exhausted'
      // Beyond what is given away, what is public is sold like everything else: who pays need not wait.
      if (price > 0n && isPublic(admission, index) && take(context.publicBytes, remote)) return 'free'
      return context.ledger.reserve(accountOf(context, admission), price, credit, waiting) ? 'reserved' : 'exhausted'
    },
    release: ({ admission, quote: { price }, free }) => release(context, remote, admission, { price, free }),
    read: ({ admission, index, free }) => read(context, admission, index, free),
  }
}

async function findContent(context: PortsContext, root: string): Promise<ServedContent | undefined> {
  const { store, entitlements } = context
  const [content, has] = [store.get(root), store.has(root)]
  if (content === undefined || has === undefined) return undefined
  const open = content.chainKind === 'open'
  const publicSlices = open ? [{ first: 0, last: content.sliceCount - 1 }] : await entitlements.publicSlices(root)
  return { sliceCount: content.sliceCount, has, publicSlices, open }
}

async function quote(context: PortsContext, admission: Admission): Promise<Quote> {
  const { policy, ledger } = context
  const terms = { payee: policy.payee, token: policy.token, minChallenge: policy.challenge, minDeadline: MIN_DEADLINE }
  const { speaker } = admission
  if (admission.kind !== 'paid' || speaker === undefined || policy.price === 0n) {
    return { price: 0n, credit: 0n, owed: 0n, policy: { ...terms, minChannel: 0n } }
  }
  const { owed, paid } = ledger.account(accountOf(context, admission))
  const channel = standingOf(context, speaker)
  return {
    price: policy.price,
    credit: policy.price * BigInt(policy.creditSlices),
    owed: owed > paid ? owed - paid : 0n,
    policy: { ...terms, minChannel: await context.minChannel() },
    ...(channel && { channel }),
  }
}

/** The open channel of this session here that has most left. */
function standingOf({ ledger, policy }: PortsContext, speaker: Speaker): ChannelStanding | undefined {
  const [best] = ledger
    .channelsOf(speaker.wallet, policy.token)
    .filter(({ descriptor, closesAt }) => closesAt === 0n && isOwn(speaker, descriptor))
    .map((channel) => ({ channelId: channel.channelId, deposit: channel.deposit, accepted: paidTotal(channel) }))
    .sort((a, b) => Number(b.deposit - b.accepted - (a.deposit - a.accepted)))
  return best
}

/** Ticks are taken at once, vouchers after their signature has been verified. */
function pay(
  context: PortsContext,
  admission: Admission,
  message: PayMessage,
): { total: bigint; added: bigint } | Promise<{ total: bigint; added: bigint }> {
  const { ledger, domain } = context
  const { speaker } = admission
  const channel = ledger.channel(message.channelId)
  if (speaker === undefined || channel === undefined) {
    throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel stands here.')
  }
  requireOwn(speaker, channel.descriptor)
  const { signed } = message
  const known = channel.accepted?.voucher
  const isNew = signed !== undefined && (known === undefined || !sameVoucher(known, signed.voucher))
  if (!isNew) return accept(context, admission, message)
  const verified = requireSignature(speaker, hashVoucher(domain, signed.voucher), signed.signature)
  return verified.then(() => accept(context, admission, message))
}

function accept(context: PortsContext, admission: Admission, message: PayMessage): { total: bigint; added: bigint } {
  const account = accountOf(context, admission)
  const result = context.ledger.accept(message, account)
  context.metrics?.paymentAccepted()
  if (result.added > 0n) context.onPaid(account)
  return result
}

/** A grant counts where the content was uploaded, for the peer it names, signed by a session of the creator. */
async function isHonoured(context: PortsContext, remote: Remote, hello: HelloMessage): Promise<boolean> {
  const { store, entitlements, sessions } = context
  const { grant } = hello
  const root = hello.root.toString()
  const now = BigInt(Math.floor(Date.now() / 1000))
  if (grant === undefined || store.get(root)?.origin !== true) return false
  if (remote.peerId === undefined || grant.peerId !== remote.peerId || grant.until <= now) return false
  const creator = await entitlements.creatorOf(root)
  if (creator?.toLowerCase() !== grant.wallet.toLowerCase()) return false
  if ((await sessions.expiry(grant.wallet, grant.session, { fresh: true })) <= now) return false
  return verifyDigest(grant.session, grantDigest(context, hello), grant.signature)
}

async function read({ store, metrics }: PortsContext, { root, kind }: Admission, index: number, free: boolean) {
  const slice = await store.readSlice(root.toString(), index)
  if (slice !== undefined) metrics?.sliceServed(slice.length, free ? 'public' : kind)
  return slice
}

/** Whether it is given away in a session that pays. */
function isPublic({ publicSlices = [] }: Admission, index: number): boolean {
  return publicSlices.some(({ first, last }) => index >= first && index <= last)
}

function takeGrant(context: PortsContext, hello: HelloMessage): boolean {
  const maxBytes = hello.grant?.maxBytes ?? 0n
  return context.ledger.reserveGrant(grantDigest(context, hello), WIRE_LIMITS.sliceBytes, maxBytes)
}

function grantDigest({ domain }: PortsContext, hello: HelloMessage): Hex {
  if (hello.grant === undefined) throw new SluiceError('NOT_ENTITLED', 'The Hello shows no grant.')
  return hashReplicationGrant(domain, grantStruct(hello, hello.grant))
}

function release(
  context: PortsContext,
  remote: Remote,
  admission: Admission,
  { price, free }: { price: bigint; free: boolean },
): void {
  if (admission.kind === 'public' || free) context.publicBytes.give(remote.addressPrefix, WIRE_LIMITS.sliceBytes)
  else if (admission.kind === 'granted') {
    context.ledger.releaseGrant(grantDigest(context, admission.hello), WIRE_LIMITS.sliceBytes)
  } else context.ledger.release(accountOf(context, admission), price)
}

function take(budget: ByteBudget, remote: Remote): boolean {
  return budget.take(remote.addressPrefix, WIRE_LIMITS.sliceBytes)
}

function accountOf({ policy }: PortsContext, { speaker, root }: Admission): AccountKey {
  if (speaker === undefined) throw new SluiceError('NOT_ENTITLED', 'Nobody speaks here.')
  return { wallet: speaker.wallet, root: root.toString(), token: policy.token }
}
