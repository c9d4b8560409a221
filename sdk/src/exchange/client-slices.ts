import { SluiceError } from '../errors.ts'
import type { DeniedMessage, SliceMessage } from '../wire/index.ts'
import { toRanges } from './bitfield.ts'
import type { ClientContext, ClientState } from './client-context.ts'
import { isSettled, payNext, payWhenDue } from './client-payments.ts'
import { fundOnce } from './client-setup.ts'
import { CLIENT_LIMITS } from './client-types.ts'

/** A request for so many slices takes along the payment for what has come. */
const LARGE_REQUEST = 4

/** Asks for slices; higher priority is served first. What cannot be asked for now fails, the connection goes on. */
export function want(context: ClientContext, indices: readonly number[], priority: number): void {
  const { state } = context
  const { terms } = state
  const fresh = indices.filter((index) => !state.outstanding.has(index) && !state.verifying.has(index))
  if (fresh.length === 0) return
  const wasIdle = state.outstanding.size === 0
  const asked = fresh.filter((index) => {
    const error = terms === undefined ? new SluiceError('ABORTED', 'The source is not ready.') : refusalOf(state, 1)
    if (error === undefined) state.outstanding.add(index)
    else context.emit({ type: 'failed', index, error })
    return error === undefined
  })
  if (terms === undefined || asked.length === 0) return
  if (wasIdle) state.progressAt = state.now - state.waitedMs
  for (const index of asked) state.cancelled.delete(index)
  context.send({ type: 'want', termsId: terms.termsId, ranges: toRanges(asked), priority })
  fundOnce(context, terms)
  // From then on payments and requests leave together: a message of its own costs both sides about what a slice does.
  if (asked.length >= LARGE_REQUEST && state.unpaid > 0) payNext(context)
}

/** Forgets slices; one that is on its way already is still verified, paid and handed over. */
export function cancel(context: ClientContext, indices: readonly number[]): void {
  const { state } = context
  const known = indices.filter((index) => state.outstanding.delete(index))
  for (const index of known) state.cancelled.add(index)
  // A server that lets every slice wait until it is taken back stalls like one that is waited for.
  if (known.length > 0 && state.outstanding.size === 0) state.waitedMs = state.now - state.progressAt
  if (known.length > 0) context.send({ type: 'cancel', ranges: toRanges(known) })
  payWhenDue(context)
}

export function receiveSlice(context: ClientContext, { index, data, ...said }: SliceMessage): void {
  const { state, asker, config } = context
  if (!state.outstanding.delete(index) && !state.cancelled.delete(index)) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The server sent a slice that was not asked for.')
  }
  state.verifying.add(index)
  state.progressAt = state.now
  state.waitedMs = 0
  asker.ask('verifySlice', { index, data }, (verdict) => {
    state.verifying.delete(index)
    if (verdict === false) {
      const error = new SluiceError('SLICE_CORRUPT', `Slice ${index} is not what its CID says.`, { details: { index } })
      context.emit({ type: 'failed', index, error })
      return context.end(error)
    }
    // Only what has been verified is paid, and nothing that the server gives away.
    const free = said.free === true && config.publicSlices.some(({ first, last }) => index >= first && index <= last)
    state.verified += 1
    if (state.terms !== undefined && state.terms.price > 0n && !free) state.unpaid += 1
    context.emit({ type: 'slice', index, data: verdict === true ? data : verdict, free })
    payWhenDue(context)
  })
}

export function receiveDenied(context: ClientContext, denied: DeniedMessage): void {
  const { state } = context
  const error = new SluiceError(denied.code, denied.message || 'The server refused.')
  if (denied.index === undefined) {
    // Said while a payment was on its way to the server, it is out of date.
    if (denied.code === 'CREDIT_EXHAUSTED' && !isSettled(state)) return
    return context.close(error)
  }
  if (!state.outstanding.delete(denied.index)) return
  state.progressAt = state.now
  state.waitedMs = 0
  context.emit({ type: 'failed', index: denied.index, error })
  payWhenDue(context)
}

function refusalOf(state: ClientState, count: number): SluiceError | undefined {
  if (state.phase !== 'ready') return new SluiceError('ABORTED', 'The source is closed.')
  if (state.outstanding.size + count > CLIENT_LIMITS.outstanding) {
    return new SluiceError('BAD_INPUT', `At most ${CLIENT_LIMITS.outstanding} slices are asked for at once.`)
  }
  return isAffordable(state, count) ? undefined : state.exhausted
}

/** Once nothing can be added to the deposit, no more is asked for than it pays. */
function isAffordable({ exhausted, funding, terms, ...state }: ClientState, count: number): boolean {
  if (exhausted === undefined || funding === undefined || terms === undefined) return true
  const due = state.unpaid + state.outstanding.size + state.verifying.size + count
  return BigInt(due) * terms.price <= funding.deposit - funding.promised
}
