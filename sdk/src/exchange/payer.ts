import { bytesToHex, pad } from 'viem'
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
import { CLIENT_LIMITS } from './client-types.ts'
import type { ClientAsks, Funding, Payment } from './client-types.ts'

/** How long an intent stays valid: long enough to be mined, short enough to be forgotten. Seconds. */
const INTENT_LIFETIME = 600n

/** One payee's content while connections are at work there, and what was lost there and nobody pays for yet. */
type Account = { readonly payee: Address; connections: number; lost: bigint }

/** What a payer's connections share. */
type Shared = { readonly leased: Set<Hex>; readonly accounts: Map<string, Account> }

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
  const shared: Shared = { leased: new Set(), accounts: new Map() }
  return {
    wallet,
    session,
    domain,
    connect: (peer) => {
      const connection = new PayerConnection(options, shared, peer)
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

/** A channel for a connection to pay on. */
type FundedChannel = Omit<Funding, 'lost' | 'shared'>

/** The payments of one connection. */
class PayerConnection {
  readonly #options: createPayer.Options
  readonly #shared: Shared
  readonly #peer: { peerId: string; root: string }
  #account: Account | undefined
  #channelId: Hex | undefined
  #chain: { seed: Hex; ticks: TickChain } | undefined

  constructor(options: createPayer.Options, shared: Shared, peer: { peerId: string; root: string }) {
    this.#options = options
    this.#shared = shared
    this.#peer = peer
  }

  async fund({ terms, value }: { terms: TermsMessage; value: bigint }): Promise<Funding> {
    const account = await this.#join(terms)
    const known = await this.#reusable(terms)
    const isFree = known !== undefined && !this.#shared.leased.has(known.channelId)
    const channel = isFree ? await this.#reuse(known, terms) : await this.#openNew(terms, value)
    const { lost } = account
    // This connection's to pay from now on; what it leaves comes back when it is released.
    account.lost = 0n
    return { ...channel, lost, shared: account.connections > 1 }
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
    const channel = await this.#options.ledger.update(id, (current) => this.#promise(current, price, count))
    const { voucher } = channel
    if (voucher === undefined) throw new SluiceError('INTERNAL', 'A payment without a voucher.')
    const { tickRoot, ticks } = voucher
    const signed = tickRoot === knownRoot ? undefined : await this.#sign(voucher, id)
    const message = { type: 'pay', channelId: id, tick: this.#ticks(voucher).tick(ticks), ticks } as const
    return { message: { ...message, ...(signed && { signed }) }, promised: promisedTotal(channel), tickRoot }
  }

  async release(lost: bigint): Promise<void> {
    const account = this.#account
    if (account === undefined) return
    this.#account = undefined
    if (this.#channelId !== undefined) this.#shared.leased.delete(this.#channelId)
    account.lost += lost
    account.connections -= 1
    if (account.connections > 0) return
    this.#shared.accounts.delete(this.#nameOf(account.payee))
    await this.#options.ledger.setLost(account.payee, this.#peer.root, account.lost)
  }

  async #join({ payee, credit, price }: TermsMessage): Promise<Account> {
    const { ledger } = this.#options
    const { root } = this.#peer
    const account = this.#shared.accounts.get(this.#nameOf(payee)) ?? { payee, connections: 0, lost: 0n }
    this.#shared.accounts.set(this.#nameOf(payee), account)
    this.#account = account
    account.connections += 1
    if (account.connections > 1) return account
    const before = await ledger.lost(payee, root)
    account.lost += before
    // Effect: should this process be killed, all of the credit may be lost with it; remembered before any is used, and
    // no more of it than can be asked for.
    const atRisk = smaller(credit, BigInt(CLIENT_LIMITS.outstanding) * price)
    await ledger.setLost(payee, root, larger(before, atRisk))
    return account
  }

  #nameOf(payee: Address): string {
    return `${payee.toLowerCase()} ${this.#peer.root}`
  }

  #lease(id: Hex): void {
    this.#shared.leased.add(id)
    this.#channelId = id
  }

  async #reuse({ channelId: id }: PayerChannel, terms: TermsMessage): Promise<FundedChannel> {
    this.#lease(id)
    const open = await this.#options.ledger.update(id, (channel): PayerChannel => ({ ...channel, state: 'open' }))
    const promised = promisedTotal(open)
    const unacknowledged = promised - (terms.channel?.accepted ?? 0n)
    return { channelId: id, deposit: open.deposit, promised, unacknowledged }
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

  async #openNew(terms: TermsMessage, value: bigint): Promise<FundedChannel> {
    const { wallet, session, domain, ledger } = this.#options
    const { payee, token, challenge } = terms
    const amount = await this.#depositFor(terms, value)
    const deadline = intentDeadline()
    const descriptor = { payer: wallet, payee, token, session: session.publicKey, salt: channelSalt() }
    const id = channelId(domain, descriptor)
    this.#lease(id)
    const { peerId } = this.#peer
    // Effect: remembered before it leaves, or the deposit could be locked in a channel that nobody knows.
    await ledger.save({ channelId: id, descriptor, deposit: amount, state: 'opening', deadline, peerId })
    const intent = { ...descriptor, amount, challenge, deadline }
    const signature = await signDigest(session, hashOpenIntent(domain, intent))
    const message = { type: 'open', intent, signature } as const
    return { channelId: id, deposit: amount, promised: 0n, unacknowledged: 0n, message }
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

  /** Ticks of the current voucher, or of a new one where it ends. */
  #promise(channel: PayerChannel, price: bigint, count: number): PayerChannel {
    if (count === 0) return channel
    if (!needsVoucher(channel, price, count)) return revealTicks(channel, count)
    const seed = randomWord()
    const length = ticksFor(promisable(channel), price)
    const { root } = this.#ticks({ seed, maxTicks: length })
    return revealTicks(startVoucher(channel, { seed, root, length }, price), count)
  }

  #ticks({ seed, maxTicks }: Pick<PayerVoucher, 'seed' | 'maxTicks'>): TickChain {
    if (this.#chain?.seed !== seed) this.#chain = { seed, ticks: createTickChain(seed, maxTicks) }
    return this.#chain.ticks
  }
}

function intentDeadline(): bigint {
  return BigInt(Math.floor(Date.now() / 1000)) + INTENT_LIFETIME
}

/** Sets channels of one payer, session and payee apart. Eight random bytes do, and zeroes cost a quarter in calldata. */
function channelSalt(): Hex {
  return pad(bytesToHex(crypto.getRandomValues(new Uint8Array(8))), { size: 32 })
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
