import { isSluiceError, SluiceError } from '../errors.ts'
import type { Frame } from '../wire/index.ts'
import { createClientContext } from './client-context.ts'
import type { ClientContext } from './client-context.ts'
import { payNext, receiveOpened, receivePaid } from './client-payments.ts'
import { receiveChallenge, receiveTerms } from './client-setup.ts'
import { cancel, receiveDenied, receiveSlice, want } from './client-slices.ts'
import { CLIENT_LIMITS } from './client-types.ts'
import type { ClientConfig, ClientEffect } from './client-types.ts'

/**
 * The fetching half of one connection, without I/O: messages, answers and the time go in, effects come out. Times are
 * unix milliseconds. After a `close` effect it is inert.
 */
export type ClientMachine = {
  receive(message: Frame, now: number): ClientEffect[]
  resolve(id: number, result: unknown, now: number): ClientEffect[]
  fail(id: number, error: SluiceError, now: number): ClientEffect[]
  want(indices: readonly number[], priority: number, now: number): ClientEffect[]
  cancel(indices: readonly number[], now: number): ClientEffect[]
  /** Says goodbye: what is on its way is still taken and paid, then the server closes. */
  leave(now: number): ClientEffect[]
  /** Called about once a second: deadlines and stalls. */
  tick(now: number): ClientEffect[]
  /** The channel is gone. */
  stop(error: SluiceError | undefined, now: number): ClientEffect[]
}

export function createClientMachine(config: ClientConfig, startedAt: number): ClientMachine {
  const context = createClientContext(config, startedAt)
  const at = (now: number, action: () => void): ClientEffect[] => {
    context.state.now = now
    if (context.state.phase !== 'closed') guard(context, action)
    return context.take()
  }
  return {
    receive: (message, now) => at(now, () => receive(context, message)),
    resolve: (id, result, now) => at(now, () => context.asker.resolve(id, result)),
    fail: (id, error, now) => at(now, () => context.asker.fail(id, error)),
    want: (indices, priority, now) => at(now, () => want(context, indices, priority)),
    cancel: (indices, now) => at(now, () => cancel(context, indices)),
    leave: (now) => at(now, () => leave(context)),
    tick: (now) => at(now, () => checkTime(context)),
    stop: (error, now) => at(now, () => context.close(error)),
  }
}

function guard(context: ClientContext, action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!isSluiceError(error)) throw error
    context.end(error)
  }
}

function receive(context: ClientContext, message: Frame): void {
  switch (message.type) {
    case 'challenge':
      return receiveChallenge(context, message)
    case 'terms':
      return receiveTerms(context, message)
    case 'slice':
      return receiveSlice(context, message)
    case 'opened':
      return receiveOpened(context, message)
    case 'denied':
      return receiveDenied(context, message)
    case 'paid':
      return receivePaid(context, message)
    case 'bye':
      return context.close(new SluiceError(message.code ?? 'ABORTED', 'The server said goodbye.'))
    default:
      throw new SluiceError('PROTOCOL_VIOLATION', `A ${message.type} from a server.`)
  }
}

function leave(context: ClientContext): void {
  const { state } = context
  if (state.phase !== 'ready') return context.close()
  cancel(context, [...state.outstanding])
  payNext(context)
  context.send({ type: 'bye' })
  state.phase = 'leaving'
  state.progressAt = state.now
}

function checkTime(context: ClientContext): void {
  const { state } = context
  const quiet = state.now - state.progressAt
  switch (state.phase) {
    case 'ready':
      // What did not fill a batch does not wait for the next slice.
      payNext(context)
      return checkProgress(context, quiet)
    case 'leaving':
      return quiet >= CLIENT_LIMITS.leavingMs ? context.close() : undefined
    default:
      if (state.now - state.startedAt < CLIENT_LIMITS.handshakeMs) return
      context.end(new SluiceError('TIMEOUT', 'The handshake took too long.'))
  }
}

function checkProgress(context: ClientContext, quiet: number): void {
  const { state, config } = context
  const patience = state.funding?.openingSince === undefined ? config.stallMs : CLIENT_LIMITS.openingMs
  if (state.outstanding.size > 0 && quiet >= patience) {
    context.end(new SluiceError('TIMEOUT', 'The source stalls.'))
  }
}
