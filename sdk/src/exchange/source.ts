import type { CID } from 'multiformats/cid'
import { zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { budgetUsedUp } from '../channel/index.ts'
import type { Budget } from '../channel/index.ts'
import { SluiceError } from '../errors.ts'
import type { SessionDomain } from '../session/index.ts'
import { decodeFrame } from '../wire/index.ts'
import type { HelloMessage, SignedGrant, SliceRange, TermsMessage } from '../wire/index.ts'
import { hasBit } from './bitfield.ts'
import { createClientMachine } from './client-machine.ts'
import type { ClientMachine } from './client-machine.ts'
import { CLIENT_LIMITS } from './client-types.ts'
import type { ClientEffect, Verdict } from './client-types.ts'
import { createDriver, toSluiceError } from './driver.ts'
import type { Driver } from './driver.ts'
import type { FrameChannel } from './frame-channel.ts'
import { createHello } from './hello.ts'
import type { Payer } from './payer.ts'
import { termsDigest, verifyPeerSignature } from './peer-key.ts'

/** A peer that serves one content on agreed terms. */
export type Source = {
  readonly peerId: string
  /** The same for every connection to one peer, where that is proven: by the key that the terms are signed with. */
  readonly identity?: string
  readonly terms: TermsMessage
  /** Base units of `terms.token` per slice. */
  readonly price: bigint
  /** Whether a channel with this payee stands already, so that using it opens none. */
  readonly hasChannel: boolean
  has(index: number): boolean
  /**
   * Fetches one slice, verified and on its way to be paid. May be called many times at once, up to 64.
   * @throws SLICE_CORRUPT, SLICE_MISSING, NOT_ENTITLED, CREDIT_EXHAUSTED, INSUFFICIENT_FUNDS, TIMEOUT, ABORTED
   */
  fetch(index: number, options?: { signal?: AbortSignal; priority?: number }): Promise<Uint8Array>
  /** Value of the slices that were fetched here and have a price, base units. */
  paid(): bigint
  /** Slices that came, those included that were no longer waited for: what comes is paid. */
  delivered(): number
  /** Of those, slices that cost nothing though there is a price, since they are public; none where it is left out. */
  free?(): number
  /** Settles when the source has ended: with the reason, unless this side closed it. */
  readonly closed: Promise<SluiceError | undefined>
  /** Takes and pays what is on its way, then closes. */
  close(): Promise<void>
}

/** What a swarm draws from, however it was reached: a {@link Source}, or one without terms that gives public slices. */
export type SliceSource = Omit<Source, 'terms'> & { readonly terms: Pick<TermsMessage, 'minChannel'> }

/** Answered at once where that is possible, so that a slice is paid and handed on in the same step. */
export type VerifySlice = (index: number, bytes: Uint8Array) => Verdict | Promise<Verdict>

const TICK_MS = 1000
/** How long the last slices of a connection may take to be verified. */
const VERDICTS_MS = 1000

/**
 * Says Hello over a fresh channel and returns once terms are agreed.
 * @throws PRICE_TOO_HIGH, NOT_ENTITLED, SIGNATURE_INVALID, CONTENT_UNKNOWN, TIMEOUT, ABORTED, whatever the peer refuses with
 */
export async function connectSource(channel: FrameChannel, options: connectSource.Options): Promise<Source> {
  const source = new Connection(channel, options)
  return source.ready
}

export declare namespace connectSource {
  type Options = {
    /** Who this is meant to be: the terms must be signed by this peer's key. */
    peerId: string
    root: CID
    /** What the manifest says. */
    sliceCount: number
    domain: SessionDomain
    /** Names this end of the connection: the peer id's multihash, or random bytes. */
    clientId?: Hex
    /** Who pays; without one the Hello is anonymous and gets public slices only. */
    payer?: Payer
    grant?: SignedGrant
    /** Base units per slice; zero, the default, pays nothing. */
    maxPrice?: bigint
    /** The one token that is paid in; the zero address is the native coin. */
    token?: Address
    /** Shared by all sources of a download. */
    budget?: Budget
    /** How many slices this source is likely to serve, for the size of a channel. */
    expectedSlices?: number
    /** Whether these bytes are the slice that the root names. */
    verify: VerifySlice
    stallMs?: number
    /** What anyone may have, as the manifest says: these may come for nothing. None when left out. */
    publicSlices?: readonly SliceRange[]
    /** Awaited when the peer has spoken, before the Hello is signed. */
    mayGreet?: () => Promise<void>
    signal?: AbortSignal
  }
}

type Waiting = { resolve: (bytes: Uint8Array) => void; reject: (error: SluiceError) => void; price: bigint }

class Connection {
  readonly ready: Promise<Source>
  readonly #options: connectSource.Options
  readonly #channel: FrameChannel
  readonly #machine: ClientMachine
  readonly #driver: Driver<ClientEffect>
  readonly #payments: ReturnType<Payer['connect']> | undefined
  readonly #waiting = new Map<number, Waiting[]>()
  /** Slices that have come and are being verified. */
  readonly #verdicts = new Set<Promise<unknown>>()
  /** Asked for and no longer waited for: paid if they come, so their price stays taken until it is clear that they do not. */
  readonly #cancelled = new Set<number>()
  /** Asked for in this turn and not sent yet; `again` where it was cancelled before, and is paid if that comes. */
  readonly #wanted = new Map<number, { readonly priority: number; readonly again: boolean }>()
  /** Of what is being asked for, what was cancelled before: refused on this side, it may come all the same. */
  #again = new Set<number>()
  readonly #readiness = Promise.withResolvers<Source>()
  readonly #closing = Promise.withResolvers<SluiceError | undefined>()
  #ended: SluiceError | undefined
  #price = 0n
  #delivered = 0
  /** Of those delivered, what the peer gave away. */
  #free = 0

  constructor(channel: FrameChannel, options: connectSource.Options) {
    this.#options = options
    this.#channel = channel
    const { payer, peerId, root } = options
    this.#payments = payer?.connect({ peerId, root: root.toString() })
    this.#machine = createClientMachine(
      {
        maxPrice: payer === undefined ? 0n : (options.maxPrice ?? 0n),
        token: options.token ?? zeroAddress,
        expectedSlices: options.expectedSlices ?? options.sliceCount,
        sliceCount: options.sliceCount,
        publicSlices: options.publicSlices ?? [],
        stallMs: options.stallMs ?? CLIENT_LIMITS.stallMs,
      },
      Date.now(),
    )
    this.#driver = createDriver<ClientEffect>({
      machine: this.#machine,
      channel,
      ports: { ...(this.#payments ?? NO_PAYMENTS), ...this.#ports() },
      handle: (effect) => this.#handle(effect),
    })
    this.ready = this.#readiness.promise
    void this.#listen()
  }

  #ports() {
    const { domain, peerId, verify, mayGreet } = this.#options
    return {
      signHello: async ({ challenge }: { challenge: Hex }) => {
        await mayGreet?.()
        return createHello(this.#options, challenge)
      },
      checkTerms: ({ hello, terms }: { hello: HelloMessage; terms: TermsMessage }) =>
        verifyPeerSignature(peerId, termsDigest(domain, hello, terms), terms.signature),
      verifySlice: ({ index, data }: { index: number; data: Uint8Array }) => {
        const verdict = verify(index, data)
        if (verdict instanceof Promise) this.#await(verdict)
        return verdict
      },
    }
  }

  #await(verdict: Promise<unknown>): void {
    this.#verdicts.add(verdict)
    const forget = (): void => void this.#verdicts.delete(verdict)
    verdict.then(forget, forget)
  }

  /** Waits for what has come and is being verified: it is paid and kept, whatever becomes of the connection. */
  async #judged(): Promise<void> {
    if (this.#verdicts.size === 0) return
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, VERDICTS_MS)
    await Promise.race([Promise.allSettled(this.#verdicts), late.promise])
    clearTimeout(timer)
  }

  async #listen(): Promise<void> {
    const { signal } = this.#options
    const timer = setInterval(() => this.#driver.apply(this.#machine.tick(Date.now())), TICK_MS)
    const abort = (): void => this.#channel.abort(new SluiceError('ABORTED', 'Given up.', { cause: signal?.reason }))
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    let failure: SluiceError | undefined
    try {
      for await (const bytes of this.#channel.frames) {
        const message = decodeFrame(bytes)
        if (message.type === 'bye' || message.type === 'denied') await this.#judged()
        this.#driver.apply(this.#machine.receive(message, Date.now()))
        await this.#driver.writable()
      }
      failure = new SluiceError('NODE_UNREACHABLE', 'The source closed the connection.')
    } catch (error) {
      failure = toSluiceError(error)
      this.#channel.abort(failure)
    } finally {
      clearInterval(timer)
      signal?.removeEventListener('abort', abort)
      await this.#judged()
      this.#driver.apply(this.#machine.stop(failure, Date.now()))
    }
  }

  #handle(effect: ClientEffect): void {
    switch (effect.type) {
      case 'ready':
        this.#price = effect.terms.price
        return this.#readiness.resolve(this.#source(effect.terms))
      case 'slice':
        return this.#deliver(effect)
      case 'failed':
        return this.#fail(effect.index, effect.error)
      case 'close':
        return void this.#end(effect.error, effect.lost)
      default:
        return
    }
  }

  #source(terms: TermsMessage): Source {
    return {
      peerId: this.#options.peerId,
      identity: this.#options.peerId,
      terms,
      price: terms.price,
      hasChannel: terms.channel !== undefined,
      has: (index) => hasBit(terms.has, index),
      fetch: (index, options) => this.#fetch(index, options),
      paid: () => BigInt(this.#delivered - this.#free) * this.#price,
      delivered: () => this.#delivered,
      free: () => this.#free,
      closed: this.#closing.promise,
      close: async () => {
        this.#driver.apply(this.#machine.leave(Date.now()))
        await this.#closing.promise
      },
    }
  }

  async #fetch(index: number, options: { signal?: AbortSignal; priority?: number } = {}): Promise<Uint8Array> {
    const { signal, priority = 0 } = options
    if (this.#ended !== undefined) throw this.#ended
    if (signal?.aborted) throw new SluiceError('ABORTED', 'Given up.', { cause: signal.reason })
    const before = this.#waiting.get(index)
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
    const waiting: Waiting = { resolve, reject, price: before === undefined ? this.#price : 0n }
    if (before === undefined) this.#want(index, waiting, priority)
    else before.push(waiting)
    const abort = (): void => this.#cancel(index, waiting, signal?.reason)
    signal?.addEventListener('abort', abort, { once: true })
    return promise.finally(() => signal?.removeEventListener('abort', abort))
  }

  #want(index: number, waiting: Waiting, priority: number): void {
    const { budget } = this.#options
    const again = this.#cancelled.delete(index)
    if (!again && budget?.take(waiting.price) === false) throw budgetUsedUp(budget)
    this.#waiting.set(index, [waiting])
    if (this.#wanted.size === 0) queueMicrotask(() => this.#sendWants())
    this.#wanted.set(index, { priority, again })
  }

  /** What was asked for together leaves together: a message costs more than what it says. */
  #sendWants(): void {
    const wanted = [...this.#wanted]
    this.#wanted.clear()
    if (this.#ended === undefined) this.#again = new Set(wanted.flatMap(([index, { again }]) => (again ? index : [])))
    else for (const [index] of wanted) this.#fail(index, this.#ended)
    for (const [priority, group] of Map.groupBy(wanted, ([, { priority }]) => priority)) {
      const indices = group.map(([index]) => index)
      this.#driver.apply(this.#machine.want(indices, priority, Date.now()))
    }
    this.#again.clear()
  }

  #cancel(index: number, waiting: Waiting, cause: unknown): void {
    waiting.reject(new SluiceError('ABORTED', 'Given up.', { cause }))
    const left = this.#waiting.get(index)?.filter((other) => other !== waiting) ?? []
    if (left.length > 0) return void this.#waiting.set(index, left)
    this.#waiting.delete(index)
    const wanted = this.#wanted.get(index)
    if (wanted?.again === false) {
      this.#wanted.delete(index)
      return this.#options.budget?.give(this.#price)
    }
    this.#cancelled.add(index)
    // It was taken back before, and is again before it was asked for.
    if (this.#wanted.delete(index)) return
    this.#driver.apply(this.#machine.cancel([index], Date.now()))
  }

  #deliver({ index, data, free }: Extract<ClientEffect, { type: 'slice' }>): void {
    const { budget } = this.#options
    this.#delivered += 1
    this.#cancelled.delete(index)
    if (free) {
      this.#free += 1
      budget?.give(this.#price)
    } else budget?.spend(this.#price)
    for (const { resolve } of this.#takeWaiting(index)) resolve(data)
  }

  #fail(index: number, error: SluiceError): void {
    const mayCome = this.#again.delete(index)
    if (this.#cancelled.delete(index)) this.#options.budget?.give(this.#price)
    if (mayCome) this.#cancelled.add(index)
    for (const { reject, price } of this.#takeWaiting(index)) {
      if (!mayCome) this.#options.budget?.give(price)
      reject(error)
    }
  }

  #takeWaiting(index: number): Waiting[] {
    const waiting = this.#waiting.get(index) ?? []
    this.#waiting.delete(index)
    // What came for an earlier request need not be asked for again.
    this.#wanted.delete(index)
    return waiting
  }

  async #end(error: SluiceError | undefined, lost: bigint): Promise<void> {
    this.#ended = error ?? new SluiceError('ABORTED', 'The source was closed.')
    this.#again.clear()
    for (const index of [...this.#cancelled]) this.#fail(index, this.#ended)
    await this.#payments?.release(lost).catch(() => undefined)
    this.#readiness.reject(this.#ended)
    this.#closing.resolve(error)
    await this.#driver.flushed()
    await this.#channel.close().catch(() => undefined)
  }
}

const unpayable = (): never => {
  throw new SluiceError('INSUFFICIENT_FUNDS', 'Nobody pays for this source.')
}
const NO_PAYMENTS = { fund: unpayable, opened: unpayable, topUp: unpayable, pay: unpayable }
