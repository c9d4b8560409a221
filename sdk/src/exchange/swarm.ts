import type { Budget } from '../channel/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import { toSluiceError } from './driver.ts'
import { createArrivals } from './arrivals.ts'
import { createPaceMeter } from './pace.ts'
import type { Asked } from './pace.ts'
import type { SliceSource } from './source.ts'
import {
  byRarity,
  chooseSources,
  DEFAULT_PLAN_LIMITS,
  DOWNLOAD_PLAN_LIMITS,
  hasPlaces,
  horizonOf,
  planNext,
} from './swarm-plan.ts'
import type { Assignment, PlanLimits, PlanSource } from './swarm-plan.ts'
import { awaitsMoney, createRequest, forgive, isAffordable, release } from './swarm-state.ts'
import type { Member, Request } from './swarm-state.ts'
import type { AddOptions, FetchedSlice, SourceReport, Swarm, SwarmStats } from './swarm-types.ts'

export function createSwarm(options: createSwarm.Options): Swarm {
  return new SliceSwarm(options)
}

export declare namespace createSwarm {
  type Options = {
    mode: 'stream' | 'download'
    /** Slices of the whole work that are still to come, for deciding how many channels are worth opening. */
    sliceCount: number
    sources?: readonly SliceSource[]
    /** Whether a slice is here already and need not be fetched. */
    have?: (index: number) => boolean
    /** Slices ahead of the reader at most; 32 while streaming, 128 while downloading. */
    window?: number
    limits?: Partial<PlanLimits>
    /** That of the sources: what comes back to it is spent again. */
    budget?: Budget
    onReport?: (report: SourceReport) => void
  }
}

const STREAM_WINDOW = 32
const DOWNLOAD_WINDOW = 128
/** How soon a source that fell silent is seen. */
const REVIEW_MS = 50
const MIDDLE_PRIORITY = 2 ** 31 - 1
/** Refusals that are about one slice and not about the source. */
const OF_ONE_SLICE = new Set(['SLICE_MISSING', 'NOT_ENTITLED'])

class SliceSwarm implements Swarm {
  readonly #options: createSwarm.Options
  readonly #limits: PlanLimits
  readonly #members = new Map<number, Member>()
  readonly #left: Member[] = []
  readonly #requests = new Map<number, Request>()
  readonly #createdAt = Date.now()
  #nextId = 0
  /** Sources that came or went: what is rare has changed. */
  #changes = 0
  #fetched = 0
  #complete = false
  #closed = false
  #lastError: SluiceError | undefined
  #review: ReturnType<typeof setInterval> | undefined
  /** Stops listening to the budget. */
  readonly #leaveBudget: (() => void) | undefined

  constructor(options: createSwarm.Options) {
    this.#options = options
    const limits = options.mode === 'download' ? DOWNLOAD_PLAN_LIMITS : DEFAULT_PLAN_LIMITS
    this.#limits = { ...limits, ...options.limits }
    this.#leaveBudget = options.budget?.onGiven(() => this.#spendAgain())
    for (const source of options.sources ?? []) this.add(source)
  }

  add(source: SliceSource, { handicap = 0, name, via }: AddOptions = {}): void {
    if (this.#closed) return void source.close()
    const meter = createPaceMeter(this.#limits)
    const counts = { inFlight: 0, slices: 0, spent: undefined }
    const member: Member = { id: this.#nextId, source, name, via, meter, handicap, ...counts }
    this.#nextId += 1
    this.#members.set(member.id, member)
    this.#changes += 1
    void source.closed.then((error) => this.#drop(member, error ?? new SluiceError('ABORTED', 'The source left.')))
    this.#schedule()
  }

  complete(): void {
    this.#complete = true
    this.#schedule()
  }

  async fetchSlice(index: number, options: { deadline?: number; signal?: AbortSignal } = {}): Promise<Uint8Array> {
    const { signal, deadline = Date.now() } = options
    const request = this.#join(index, deadline)
    const { promise: aborted, reject } = Promise.withResolvers<never>()
    const abort = (): void => reject(new SluiceError('ABORTED', 'Given up.', { cause: signal?.reason }))
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    this.#schedule()
    try {
      return await Promise.race([request.done.promise, aborted])
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#leave(request)
    }
  }

  async *slices(range: { first: number; last: number }): AsyncGenerator<FetchedSlice> {
    const { mode } = this.#options
    const next = this.#order(range)
    // A streamed slice is due now, each after it a little later; downloaded ones are all alike.
    const start = Date.now()
    const dueAt = (index: number): number => (mode === 'stream' ? start + index - range.first : start)
    const joined = new Set<Request>()
    const arrivals = createArrivals<FetchedSlice>({ inOrder: mode === 'stream' })
    const ask = (index: number): void => {
      const request = this.#join(index, dueAt(index))
      joined.add(request)
      const take = (bytes: Uint8Array): FetchedSlice => {
        joined.delete(request)
        this.#leave(request)
        return { index, bytes }
      }
      arrivals.add(request.done.promise.then(take))
    }
    try {
      for (;;) {
        const before = arrivals.size
        for (const ahead = this.#ahead(); !arrivals.failed && arrivals.size < ahead;) {
          const index = next()
          if (index === undefined) break
          ask(index)
        }
        if (arrivals.size > before) this.#refill()
        if (arrivals.size === 0) return
        yield await arrivals.next()
      }
    } finally {
      for (const request of joined) this.#leave(request)
    }
  }

  stats(): SwarmStats[] {
    return [...this.#left, ...this.#members.values()].map(({ source, meter, via }) => ({
      peerId: source.peerId,
      ...(via === undefined ? {} : { via }),
      slices: source.delivered(),
      free: source.free?.() ?? 0,
      rate: meter.view(Date.now()).rate,
      paid: source.paid(),
    }))
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#leaveBudget?.()
    clearInterval(this.#review)
    for (const request of this.#requests.values())
      this.#fail(request, new SluiceError('ABORTED', 'The swarm is closed.'))
    await Promise.allSettled([...this.#members.values()].map(({ source }) => source.close()))
  }

  /** Slices to wait for at once: a download asks for what keeps its sources busy, and the next message's worth. */
  #ahead(): number {
    const { mode, window = mode === 'stream' ? STREAM_WINDOW : DOWNLOAD_WINDOW } = this.#options
    if (mode === 'stream') return window
    const now = Date.now()
    let places = this.#limits.refill
    for (const { meter } of this.#members.values()) places += meter.view(now).window
    return Math.min(Math.max(places, STREAM_WINDOW), window)
  }

  /** What to fetch next; what is rare is found out anew when sources came or went. */
  #order({ first, last }: { first: number; last: number }): () => number | undefined {
    const { mode, have } = this.#options
    let left: number[] = []
    for (let index = last; index >= first; index -= 1) if (have?.(index) !== true) left.push(index)
    let sortedAt = -1
    return () => {
      if (mode === 'download' && sortedAt !== this.#changes) {
        left = byRarity(
          left,
          [...this.#members.values()].map(({ source }) => source),
        ).reverse()
        sortedAt = this.#changes
      }
      return left.pop()
    }
  }

  /** One more waits for a slice, until it leaves. Whoever joins sees to it that it is asked for. */
  #join(index: number, deadline: number): Request {
    if (this.#closed) throw new SluiceError('ABORTED', 'The swarm is closed.')
    const request = this.#requests.get(index) ?? this.#open(index, deadline)
    request.deadline = Math.min(request.deadline, deadline)
    request.waiting += 1
    return request
  }

  #leave(request: Request): void {
    request.waiting -= 1
    if (request.waiting === 0) this.#settle(request)
  }

  #open(index: number, deadline: number): Request {
    const request = createRequest(index, deadline)
    // Whoever waits sees it; this keeps a request that nobody waits for any more from being an unhandled rejection.
    request.done.promise.catch(() => undefined)
    this.#requests.set(index, request)
    this.#review ??= setInterval(() => this.#schedule(), REVIEW_MS)
    return request
  }

  /**
   * Where a slice came or is asked for: nothing can be asked of sources that have no place, as for seven of eight slices of a
   * download, and whether what is asked for can come at all is found out by the review.
   */
  #refill(): void {
    const now = Date.now()
    for (const { inFlight, meter } of this.#members.values()) {
      if (hasPlaces({ inFlight, window: meter.view(now).window }, this.#limits)) return this.#schedule()
    }
    if (this.#members.size === 0) this.#schedule()
  }

  #schedule(): void {
    if (this.#closed || this.#requests.size === 0) return
    const now = Date.now()
    const sources = this.#sources(now)
    const requests = [...this.#requests.values()]
    const left = this.#options.sliceCount - this.#fetched
    const horizon = this.#options.mode === 'download' ? horizonOf(left, sources) : 0
    // A stream is read again after a jump back, so that it has no end by numbers.
    const work = { horizon, ending: this.#options.mode === 'download' && left <= requests.length }
    for (const assignment of planNext(requests, sources, now, this.#limits, work)) this.#assign(assignment, now)
    for (const request of this.#requests.values()) if (request.assigned.size === 0) this.#giveUpIfHopeless(request, now)
  }

  #sources(now: number): PlanSource[] {
    const candidates = this.#solvent().map((member) => this.#candidate(member, now))
    return chooseSources(candidates, Math.max(this.#options.sliceCount - this.#fetched, 1))
  }

  /** Those that can be asked for something: with money left. */
  #solvent(): Member[] {
    return [...this.#members.values()].filter(({ spent }) => spent === undefined)
  }

  #candidate(member: Member, now: number) {
    const { id, source, meter, handicap, inFlight, slices } = member
    const view = meter.view(now)
    const used = inFlight + slices > 0
    const { identity, hasChannel } = source
    const silent = view.silentMs >= this.#limits.hedgeAfterMs
    return {
      ...view,
      ...(identity !== undefined && { peer: { identity, inUse: hasChannel || used, silent } }),
      silent: slices > 0 && silent,
      id,
      handicap,
      inFlight,
      price: source.price,
      hasChannel,
      minChannel: source.terms.minChannel,
      used,
      has: (index: number) => source.has(index),
    }
  }

  #assign({ index, source: id }: Assignment, now: number): void {
    const [request, member] = [this.#requests.get(index), this.#members.get(id)]
    if (request === undefined || member === undefined) return
    request.assigned.add(id)
    request.startedAt = now
    member.inFlight += 1
    const asked = member.meter.asked(now)
    member.source.fetch(index, { signal: request.abort.signal, priority: this.#priority(request) }).then(
      (bytes) => this.#succeed(request, member, asked, bytes),
      (error: unknown) => this.#miss(request, member, toSluiceError(error)),
    )
  }

  /** The wire's priority rises with urgency: a slice needed a millisecond later counts one less. */
  #priority({ deadline }: Request): number {
    return Math.min(Math.max(MIDDLE_PRIORITY - Math.round(deadline - this.#createdAt), 0), 2 * MIDDLE_PRIORITY)
  }

  #succeed(request: Request, member: Member, asked: Asked, bytes: Uint8Array): void {
    member.inFlight -= 1
    member.slices += 1
    member.meter.arrived(asked, Date.now())
    if (this.#requests.get(request.index) === request) this.#fetched += 1
    request.assigned.delete(member.id)
    request.done.resolve(bytes)
    this.#settle(request)
    this.#refill()
  }

  #miss(request: Request, member: Member, error: SluiceError): void {
    member.inFlight -= 1
    member.meter.givenUp(Date.now())
    release(request, member)
    const ofSource = !OF_ONE_SLICE.has(error.code) && !request.abort.signal.aborted
    if (error.code === 'INSUFFICIENT_FUNDS' && !request.abort.signal.aborted) this.#spend(request, member, error)
    else if (ofSource) this.#drop(member, error)
    this.#schedule()
  }

  /** Nothing more can be bought there; what was is still taken. A slice that another source owes already says less. */
  #spend(request: Request, member: Member, error: SluiceError): void {
    request.unaffordable.set(member.id, error)
    if (request.assigned.size === 0) member.spent = error
    this.#lastError = error
    // Some may have come back since it was refused.
    this.#spendAgain()
  }

  /** Some of the budget came back: whoever was refused for it is asked again, in a turn of its own. */
  #spendAgain(): void {
    const mayAsk = isAffordable(this.#options.budget)
    if (forgive(this.#members.values(), [...this.#requests.values()], mayAsk)) queueMicrotask(() => this.#schedule())
  }

  /** Its pending slices go to the others at once, however long it takes to close. */
  #drop(member: Member, error: SluiceError): void {
    if (!this.#members.delete(member.id)) return
    this.#left.push(member)
    for (const request of this.#requests.values()) if (request.assigned.has(member.id)) release(request, member)
    this.#changes += 1
    this.#lastError = error
    const { source, name } = member
    if (!this.#closed) this.#options.onReport?.({ peerId: source.peerId, error, ...(name !== undefined && { name }) })
    void member.source.close()
    // What had been set aside for it, in a channel or in escrow, may be there again.
    forgive(this.#members.values(), [...this.#requests.values()])
    this.#schedule()
  }

  #giveUpIfHopeless(request: Request, now: number): void {
    if (!this.#complete) return
    const solvent = this.#solvent()
    if (solvent.some(({ id, source }) => source.has(request.index) && !request.failed.has(id))) return
    if (awaitsMoney(request, [...this.#members.values()], this.#options.budget, now)) return
    const { index, unaffordable } = request
    if (solvent.length > 0 && unaffordable.size === 0) {
      const details = { index }
      return this.#fail(request, new SluiceError('SLICE_MISSING', `No source has slice ${index}.`, { details }))
    }
    const cause = [...unaffordable.values()].at(-1) ?? this.#lastError
    const reason = isSluiceError(cause, 'INSUFFICIENT_FUNDS') ? cause : undefined
    this.#fail(request, reason ?? new SluiceError('NO_PROVIDERS', noneLeft(cause), { cause }))
  }

  #fail(request: Request, error: SluiceError): void {
    request.done.reject(error)
    this.#settle(request)
  }

  /** Ends a request: whoever else is fetching the slice is told to stop. */
  #settle(request: Request): void {
    if (this.#requests.get(request.index) === request) this.#requests.delete(request.index)
    if (request.assigned.size > 0) request.abort.abort()
    if (this.#requests.size > 0) return
    clearInterval(this.#review)
    this.#review = undefined
  }
}

function noneLeft(last: SluiceError | undefined): string {
  return last === undefined ? 'Nobody who holds it can be found.' : `No source is left; the last one: ${last.message}`
}
