import type { ErrorCode } from '../errors.ts'
import type { SliceRange, WantMessage } from '../wire/index.ts'
import type { ServerContext } from './server-context.ts'
import { requireServing, unixSeconds } from './server-hello.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { Admission, Quote } from './server-types.ts'

/** Queues what the client wants, highest priority first, and starts serving. */
export function receiveWant(context: ServerContext, want: WantMessage): void {
  const { state } = context
  const { admission } = requireServing(context)
  if (want.termsId !== 1 || unixSeconds(state.now) >= state.termsExpiry) {
    return context.end('TERMS_EXPIRED', 'The terms are over.')
  }
  if (state.unpaid <= 0n) state.progressAt = state.now
  for (const index of indicesOf(want.ranges)) {
    if (hasEnded(context)) return
    if (state.queue.length + state.active.size >= SERVER_LIMITS.outstanding) {
      return context.end('PROTOCOL_VIOLATION', `More than ${SERVER_LIMITS.outstanding} slices outstanding.`)
    }
    if (!isAllowed(admission, index)) {
      context.refuse('NOT_ENTITLED', 'This slice is not in what the wallet may have.', { index })
    } else if (!state.active.has(index) && !state.queue.some((wanted) => wanted.index === index)) {
      enqueue(context, index, want.priority)
    }
  }
  pump(context)
}

/** Forgets what has not been reserved yet; what is on its way still arrives, and is owed. */
export function receiveCancel({ state }: ServerContext, ranges: readonly SliceRange[]): void {
  const isCancelled = (index: number): boolean => ranges.some(({ first, last }) => index >= first && index <= last)
  state.queue = state.queue.filter(({ index }) => !isCancelled(index))
}

/** Serves on, one reservation at a time, as far as credit and the pipeline reach. */
export function pump(context: ServerContext): void {
  const { state, asker } = context
  if (state.phase !== 'serving' || state.reserving || state.stalledAt !== undefined) return
  if (state.active.size >= SERVER_LIMITS.pipeline) return
  const { admission, quote } = requireServing(context)
  const next = state.queue.shift()
  if (next === undefined) return
  state.reserving = true
  // Effect: the price is owed before the slice is read, so that no other connection gets the same credit.
  const waiting = state.queue.length
  asker.ask('reserve', { admission, quote, index: next.index, waiting }, (result) => {
    state.reserving = false
    if (result === 'reserved' || result === 'free') {
      serve(context, next.index, admission, quote, result === 'free')
    } else if (result === 'limited') {
      context.end('RATE_LIMITED', 'No more is given away to this address for now.')
    } else {
      state.queue.unshift(next)
      state.stalledAt = state.now
    }
    pump(context)
  })
}

/** A payment, here or on another connection of the same wallet, may have freed credit. */
export function resume(context: ServerContext): void {
  context.state.stalledAt = undefined
  pump(context)
}

function serve(context: ServerContext, index: number, admission: Admission, quote: Quote, free: boolean): void {
  const { state, asker } = context
  state.active.add(index)
  state.reading.add(index)
  if (free) state.free.add(index)
  const forget = (): void => {
    state.active.delete(index)
    state.free.delete(index)
  }
  const giveBack = (): void => {
    forget()
    state.reading.delete(index)
    asker.ask('release', { admission, quote, index, free }, () => {
      context.refuse('SLICE_MISSING', 'This slice is not here.', { index })
      pump(context)
    })
  }
  asker.ask(
    'read',
    { admission, index, free },
    (data) => {
      if (data === undefined) return giveBack()
      state.reading.delete(index)
      if (!free) state.unpaid += quote.price
      context.sendThen({ type: 'slice', index, data, ...(free && { free }) }, () => {
        forget()
        state.progressAt = state.now
        leaveWhenDone(context)
        pump(context)
      })
    },
    giveBack,
  )
}

/**
 * Waits for a payment, here or on another connection of the wallet. Only when none comes, and nothing sent here waits to
 * be paid, is the client told that paying is all that helps.
 */
export function checkStall(context: ServerContext): void {
  const { state } = context
  const { stalledAt } = state
  if (stalledAt === undefined || state.now - stalledAt < SERVER_LIMITS.creditPatienceMs) return
  if (state.unpaid > 0n || state.paying || state.opening) return
  context.refuse('CREDIT_EXHAUSTED', 'Pay what is owed first.')
  state.stalledAt = state.now
}

/** Serves no more, and says why. What was sent can still be paid: that, or the bound on idleness, ends the connection. */
export function depart(context: ServerContext, code: ErrorCode, message: string): void {
  const { state } = context
  if (state.phase !== 'serving') return
  state.phase = 'leaving'
  state.departure = { code, message }
  for (const { index } of state.queue.splice(0)) context.refuse(code, message, { index })
  leaveWhenDone(context)
}

/** Whoever is no longer served is told so, rather than left to wait. One that has said goodbye itself waits for nothing. */
export function refuseDeparted(context: ServerContext, { ranges }: WantMessage): void {
  const { departure } = context.state
  if (departure === undefined) return
  for (const index of indicesOf(ranges)) {
    if (hasEnded(context)) return
    context.refuse(departure.code, departure.message, { index })
  }
}

/** What is on its way is finished; the client's last payment closes the connection. */
export function leaveWhenDone(context: ServerContext): void {
  const { state } = context
  const done = state.active.size === 0 && !state.paying && state.payments.length === 0
  if (state.phase !== 'leaving' || !done || state.unpaid > 0n) return
  const { departure } = state
  if (departure === undefined) context.close()
  else context.end(departure.code, departure.message)
}

function enqueue({ state }: ServerContext, index: number, priority: number): void {
  const before = state.queue.findIndex((wanted) => wanted.priority < priority)
  state.queue.splice(before === -1 ? state.queue.length : before, 0, { index, priority })
}

function isAllowed({ allowed }: Admission, index: number): boolean {
  return allowed.some(({ first, last }) => index >= first && index <= last)
}

function* indicesOf(ranges: readonly SliceRange[]): Generator<number> {
  for (const { first, last } of ranges) for (let index = first; index <= last; index += 1) yield index
}

/** A function, so that the compiler does not take the phase for unchanged across calls. */
function hasEnded({ state }: ServerContext): boolean {
  return state.phase === 'closed'
}
