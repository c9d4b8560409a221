import { bytesToHex } from 'viem'
import type { Address, Hex } from 'viem'
import {
  channelId,
  createTickChain,
  MAX_DEPOSIT,
  needsVoucher,
  promisable,
  promisedTotal,
  revealTicks,
  sameHex,
  startVoucher,
  ticksFor,
} from '../channel/index.ts'
import type { PayerChannel, PayerLedger, PayerVoucher, TickChain } from '../channel/index.ts'
import { SluiceError } from '../errors.ts'
import { hashOpenIntent, hashTopUp, hashVoucher, signDigest } from '../session/index.ts'
import type { Session, SessionDomain } from '../session/index.ts'
import type { SignedVoucher, TermsMessage } from '../wire/index.ts'
import type { Ports } from './asks.ts'
import type { ClientAsks, Funding } from './client-types.ts'

/** How long an intent stays valid: long enough to be mined, short enough to be forgotten. Seconds. */
const INTENT_LIFETIME = 600n

/** Channels in use, and whose they are. */
type Leases = Map<Hex, string>

export type PaymentPorts = Pick<Ports<ClientAsks>, 'fund' | 'opened' | 'topUp' | 'pay'>

/** A wallet's purse: its channels, and the session that signs for them. One per wallet and session. */
export type Payer = {
  readonly wallet: Address
  readonly session: Session
  readonly domain: SessionDomain
  /** The ports of one connection, to `peerId` about `root`. `release` frees its channel for the next one. */
  connect(peer: { peerId: string; root: string }): PaymentPorts & { release(lost: bigint): Promise<void> }
}

export function createPayer(options: createPayer.Options): Payer {
  const { wallet, session, domain } = options
  // A channel pays one connection at a time: two would attribute each other's ticks.
  const leased: Leases = new Map()
  return {
    wallet,
    session,
    domain,
    connect: (peer) => connectPayer(options, leased, peer),
  }
}

export declare namespace createPayer {
  type Options = {
    wallet: Address
    session: Session
    domain: SessionDomain
    ledger: PayerLedger
    /** What the wallet's escrow and the session's allowance leave to lock, in base units of `token`. */
    available: (token: Address) => Promise<bigint>
  }
}

function connectPayer(
  { wallet, session, domain, ledger, available }: createPayer.Options,
  leased: Leases,
  peer: { peerId: string; root: string },
): ReturnType<Payer['connect']> {
  let mine: { channelId: Hex; payee: Address; lost: bigint } | undefined
  let chain: { seed: Hex; ticks: TickChain } | undefined

  const lease = (id: Hex, payee: Address, lost: bigint): void => {
    leased.set(id, payee.toLowerCase())
    mine = { channelId: id, payee, lost }
  }

  const chainOf = ({ seed, maxTicks }: PayerVoucher): TickChain => {
    if (chain?.seed !== seed) chain = { seed, ticks: createTickChain(seed, maxTicks) }
    return chain.ticks
  }

  const fund = async ({ terms, value }: { terms: TermsMessage; value: bigint }): Promise<Funding> => {
    const lost = await ledger.lost(terms.payee, peer.root)
    const shared = [...leased.values()].includes(terms.payee.toLowerCase())
    const known = await reusable(terms)
    if (known !== undefined && !leased.has(known.channelId)) {
      lease(known.channelId, terms.payee, lost)
      const open: PayerChannel = await ledger.update(known.channelId, (channel) => ({ ...channel, state: 'open' }))
      const promised = promisedTotal(open)
      const accepted = terms.channel?.accepted ?? 0n
      const unacknowledged = promised > accepted ? promised - accepted : 0n
      return { channelId: open.channelId, deposit: open.deposit, promised, unacknowledged, lost, shared }
    }
    return { ...(await openNew(terms, value, lost)), shared }
  }

  const reusable = async (terms: TermsMessage): Promise<PayerChannel | undefined> => {
    if (terms.channel === undefined) return undefined
    const channel = await ledger.get(terms.channel.channelId)
    const usable = channel?.state === 'open' || channel?.state === 'opening'
    // A payee that claims to have more than was promised is not believed, even if this side has forgotten a tick.
    if (channel === undefined || promisedTotal(channel) < terms.channel.accepted) return undefined
    if (!usable || !sameHex(channel.descriptor.payee, terms.payee)) return undefined
    return sameHex(channel.descriptor.token, terms.token) ? channel : undefined
  }

  const openNew = async (terms: TermsMessage, value: bigint, lost: bigint): Promise<Omit<Funding, 'shared'>> => {
    const { payee, token } = terms
    const amount = await depositFor(terms, token, value)
    const deadline = BigInt(Math.floor(Date.now() / 1000)) + INTENT_LIFETIME
    const descriptor = { payer: wallet, payee, token, session: session.publicKey, salt: randomWord() }
    const intent = { ...descriptor, amount, challenge: terms.challenge, deadline }
    const id = channelId(domain, descriptor)
    lease(id, payee, lost)
    // Effect: remembered before it leaves, or the deposit could be locked in a channel that nobody knows.
    await ledger.save({
      channelId: id,
      descriptor,
      deposit: amount,
      state: 'opening',
      deadline,
      peerId: peer.peerId,
    })
    const signature = await signDigest(session, hashOpenIntent(domain, intent))
    const message = { type: 'open', intent, signature } as const
    return { channelId: id, deposit: amount, promised: 0n, unacknowledged: 0n, lost, message }
  }

  const depositFor = async (terms: TermsMessage, token: Address, value: bigint): Promise<bigint> => {
    const left = await available(token)
    if (left < terms.minChannel || left < terms.price) {
      throw new SluiceError('INSUFFICIENT_FUNDS', `A channel needs ${terms.minChannel}, ${left} can be locked.`, {
        hint: 'Deposit more, or close channels that are no longer used.',
        details: { required: terms.minChannel, available: left },
      })
    }
    const wanted = [terms.minChannel, value, terms.price].reduce(larger)
    return [wanted, left, MAX_DEPOSIT].reduce(smaller)
  }

  const sign = async (voucher: PayerVoucher, id: Hex): Promise<SignedVoucher> => {
    const { cumulative, tickRoot, tickValue, maxTicks } = voucher
    const promise = { channelId: id, cumulative, tickRoot, tickValue, maxTicks }
    return { voucher: promise, signature: await signDigest(session, hashVoucher(domain, promise)) }
  }

  return {
    fund,
    opened: async ({ channelId: id, deposit }) => {
      const channel = await ledger.update(id, (current) => ({
        ...current,
        state: 'open',
        deposit: deposit > current.deposit ? deposit : current.deposit,
      }))
      return { deposit: channel.deposit }
    },
    topUp: async ({ terms, channelId: id, value }) => {
      const channel = await ledger.get(id)
      if (channel === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel is remembered.')
      const newDeposit = smaller(channel.deposit + (await depositFor(terms, terms.token, value)), MAX_DEPOSIT)
      const deadline = BigInt(Math.floor(Date.now() / 1000)) + INTENT_LIFETIME
      const order = { channelId: id, newDeposit, deadline }
      return { type: 'topUp', order, signature: await signDigest(session, hashTopUp(domain, order)) }
    },
    pay: async ({ channelId: id, price, count, knownRoot }) => {
      // Effect: saved before it leaves, so that no tick is ever promised twice.
      const channel = await ledger.update(id, (current) => promise(current, price, count))
      const { voucher } = channel
      if (voucher === undefined) throw new SluiceError('INTERNAL', 'A payment without a voucher.')
      const tick = chainOf(voucher).tick(voucher.ticks)
      const signed = voucher.tickRoot === knownRoot ? undefined : await sign(voucher, id)
      return {
        message: { type: 'pay', channelId: id, tick, ticks: voucher.ticks, ...(signed && { signed }) },
        promised: promisedTotal(channel),
        tickRoot: voucher.tickRoot,
      }
    },
    release: async (lost) => {
      if (mine === undefined) return
      leased.delete(mine.channelId)
      if (lost !== mine.lost) await ledger.setLost(mine.payee, peer.root, lost)
      mine = undefined
    },
  }
}

/** The pure part of a payment: ticks of the current voucher, or of a new one where it ends. */
function promise(channel: PayerChannel, price: bigint, count: number): PayerChannel {
  if (count === 0) return channel
  if (!needsVoucher(channel, price, count)) return revealTicks(channel, count)
  const seed = randomWord()
  const length = ticksFor(promisable(channel), price)
  const { root } = createTickChain(seed, length)
  return revealTicks(startVoucher(channel, { seed, root, length }, price), count)
}

function randomWord(): Hex {
  return bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
