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
import type { SignedVoucher, TermsMessage, TopUpMessage } from '../wire/index.ts'
import type { Ports } from './asks.ts'
import type { ClientAsks, Funding, Payment } from './client-types.ts'

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
    connect: (peer) => {
      const connection = new PayerConnection(options, leased, peer)
      return {
        fund: (request) => connection.fund(request),
        opened: (request) => connection.opened(request),
        topUp: (request) => connection.topUp(request),
        pay: (request) => connection.pay(request),
        release: (lost) => connection.release(lost),
      }
    },
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

/** The payments of one connection. */
class PayerConnection {
  readonly #options: createPayer.Options
  readonly #leased: Leases
  readonly #peer: { peerId: string; root: string }
  #mine: { channelId: Hex; payee: Address; lost: bigint } | undefined
  #chain: { seed: Hex; ticks: TickChain } | undefined

  constructor(options: createPayer.Options, leased: Leases, peer: { peerId: string; root: string }) {
    this.#options = options
    this.#leased = leased
    this.#peer = peer
  }

  async fund({ terms, value }: { terms: TermsMessage; value: bigint }): Promise<Funding> {
    const { ledger } = this.#options
    const lost = await ledger.lost(terms.payee, this.#peer.root)
    const shared = [...this.#leased.values()].includes(terms.payee.toLowerCase())
    const known = await this.#reusable(terms)
    if (known === undefined || this.#leased.has(known.channelId)) return this.#openNew(terms, value, { lost, shared })
    this.#lease(known.channelId, terms.payee, lost)
    const open = await ledger.update(known.channelId, (channel): PayerChannel => ({ ...channel, state: 'open' }))
    const promised = promisedTotal(open)
    const unacknowledged = promised - (terms.channel?.accepted ?? 0n)
    return { channelId: open.channelId, deposit: open.deposit, promised, unacknowledged, lost, shared }
  }

  async opened({ channelId: id, deposit }: { channelId: Hex; deposit: bigint }): Promise<{ deposit: bigint }> {
    return this.#options.ledger.update(id, (channel) => ({
      ...channel,
      state: 'open',
      deposit: larger(deposit, channel.deposit),
    }))
  }

  async topUp({ terms, channelId: id, value }: ClientAsks['topUp']['request']): Promise<TopUpMessage> {
    const { ledger, session, domain } = this.#options
    const channel = await ledger.get(id)
    if (channel === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel is remembered.')
    const newDeposit = smaller(channel.deposit + (await this.#depositFor(terms, value)), MAX_DEPOSIT)
    const order = { channelId: id, newDeposit, deadline: intentDeadline() }
    return { type: 'topUp', order, signature: await signDigest(session, hashTopUp(domain, order)) }
  }

  async pay({ channelId: id, price, count, knownRoot }: ClientAsks['pay']['request']): Promise<Payment> {
    // Effect: saved before it leaves, so that no tick is ever promised twice.
    const channel = await this.#options.ledger.update(id, (current) => promise(current, price, count))
    const { voucher } = channel
    if (voucher === undefined) throw new SluiceError('INTERNAL', 'A payment without a voucher.')
    const { tickRoot, ticks } = voucher
    const signed = tickRoot === knownRoot ? undefined : await this.#sign(voucher, id)
    const message = { type: 'pay', channelId: id, tick: this.#ticks(voucher).tick(ticks), ticks } as const
    return { message: { ...message, ...(signed && { signed }) }, promised: promisedTotal(channel), tickRoot }
  }

  async release(lost: bigint): Promise<void> {
    if (this.#mine === undefined) return
    const { channelId: id, payee, lost: before } = this.#mine
    this.#mine = undefined
    this.#leased.delete(id)
    if (lost !== before) await this.#options.ledger.setLost(payee, this.#peer.root, lost)
  }

  #lease(id: Hex, payee: Address, lost: bigint): void {
    this.#leased.set(id, payee.toLowerCase())
    this.#mine = { channelId: id, payee, lost }
  }

  async #reusable({ channel: standing, payee, token }: TermsMessage): Promise<PayerChannel | undefined> {
    if (standing === undefined) return undefined
    const channel = await this.#options.ledger.get(standing.channelId)
    if (channel === undefined || channel.state === 'closing' || channel.state === 'closed') return undefined
    const { descriptor } = channel
    if (!sameHex(descriptor.payee, payee) || !sameHex(descriptor.token, token)) return undefined
    // A payee that claims to have more than was promised is not believed, even if this side has forgotten a tick.
    return promisedTotal(channel) < standing.accepted ? undefined : channel
  }

  async #openNew(terms: TermsMessage, value: bigint, debt: { lost: bigint; shared: boolean }): Promise<Funding> {
    const { wallet, session, domain, ledger } = this.#options
    const { payee, token, challenge } = terms
    const amount = await this.#depositFor(terms, value)
    const deadline = intentDeadline()
    const descriptor = { payer: wallet, payee, token, session: session.publicKey, salt: randomWord() }
    const id = channelId(domain, descriptor)
    this.#lease(id, payee, debt.lost)
    const { peerId } = this.#peer
    // Effect: remembered before it leaves, or the deposit could be locked in a channel that nobody knows.
    await ledger.save({ channelId: id, descriptor, deposit: amount, state: 'opening', deadline, peerId })
    const intent = { ...descriptor, amount, challenge, deadline }
    const signature = await signDigest(session, hashOpenIntent(domain, intent))
    const message = { type: 'open', intent, signature } as const
    return { channelId: id, deposit: amount, promised: 0n, unacknowledged: 0n, message, ...debt }
  }

  async #depositFor({ token, minChannel, price }: TermsMessage, value: bigint): Promise<bigint> {
    const left = await this.#options.available(token)
    const required = larger(minChannel, price)
    if (left < required) {
      throw new SluiceError('INSUFFICIENT_FUNDS', `A channel needs ${required}, ${left} can be locked.`, {
        hint: 'Deposit more, or close channels that are no longer used.',
        details: { required, available: left },
      })
    }
    return [larger(required, value), left, MAX_DEPOSIT].reduce(smaller)
  }

  async #sign(voucher: PayerVoucher, id: Hex): Promise<SignedVoucher> {
    const { session, domain } = this.#options
    const { cumulative, tickRoot, tickValue, maxTicks } = voucher
    const signed = { channelId: id, cumulative, tickRoot, tickValue, maxTicks }
    return { voucher: signed, signature: await signDigest(session, hashVoucher(domain, signed)) }
  }

  #ticks({ seed, maxTicks }: PayerVoucher): TickChain {
    if (this.#chain?.seed !== seed) this.#chain = { seed, ticks: createTickChain(seed, maxTicks) }
    return this.#chain.ticks
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

function intentDeadline(): bigint {
  return BigInt(Math.floor(Date.now() / 1000)) + INTENT_LIFETIME
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
