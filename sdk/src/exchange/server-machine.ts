import { isSluiceError } from '../errors.ts'
import type { SluiceError } from '../errors.ts'
import type { Frame } from '../wire/index.ts'
import { createServerContext } from './server-context.ts'
import type { ServerContext } from './server-context.ts'
import { receiveHello } from './server-hello.ts'
import { receiveOpen, receivePay, receiveTopUp } from './server-payments.ts'
import { recheck, recheckWhenDue } from './server-recheck.ts'
import { checkStall, leaveWhenDone, receiveCancel, receiveWant, refuseDeparted, resume } from './server-slices.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { ServerConfig, ServerEffect } from './server-types.ts'

/**
 * The seeder's half of one connection, without I/O: messages, answers and the time go in, effects come out. Times are
 * unix milliseconds. After a `close` effect it is inert.
 */
export type ServerMachine = {
  start(now: number): ServerEffect[]
  receive(message: Frame, now: number): ServerEffect[]
  /** Answers an ask, or tells that a message with an id was taken by the transport. */
  resolve(id: number, result: unknown, now: number): ServerEffect[]
  fail(id: number, error: SluiceError, now: number): ServerEffect[]
  /** Called about once a second: deadlines and idleness. */
  tick(now: number): ServerEffect[]
  /** Another connection of the same wallet has paid. */
  wake(now: number): ServerEffect[]
  /** The chain may have changed what the wallet may have. */
  recheck(now: number): ServerEffect[]
  /** The channel is gone. */
  stop(now: number): ServerEffect[]
}

export function createServerMachine(config: ServerConfig, startedAt: number): ServerMachine {
  const context = createServerContext(config, startedAt)
  const at = (now: number, action: () => void): ServerEffect[] => {
    context.state.now = now
    if (context.state.phase !== 'closed') guard(context, action)
    return context.take()
  }
  return {
    start: (now) => at(now, () => context.send({ type: 'challenge', nonce: config.challenge })),
    receive: (message, now) => at(now, () => receive(context, message)),
    resolve: (id, result, now) => at(now, () => context.asker.resolve(id, result)),
    fail: (id, error, now) => at(now, () => context.asker.fail(id, error)),
    tick: (now) => at(now, () => checkTime(context)),
    wake: (now) => at(now, () => resume(context)),
    recheck: (now) => at(now, () => recheck(context)),
    stop: (now) => at(now, () => context.close()),
  }
}

/** Refusals thrown by a handler end the connection; anything else is a bug and surfaces. */
function guard(context: ServerContext, action: () => void): void {
  try {
    action()
  } catch (error) {
    if (!isSluiceError(error)) throw error
    context.end(error.code, error.message)
  }
}

function receive(context: ServerContext, message: Frame): void {
  if (message.type === 'hello') return receiveHello(context, message)
  if (message.type === 'bye') return leave(context)
  const { phase } = context.state
  // What a leaving client asked for before is still paid, even if its channel opens only now.
  const settles = message.type === 'pay' || message.type === 'open' || message.type === 'topUp'
  if (phase === 'leaving' && !settles) return message.type === 'want' ? refuseDeparted(context, message) : undefined
  if (phase !== 'serving' && phase !== 'leaving')
    return context.end('PROTOCOL_VIOLATION', `A ${message.type} before the terms.`)
  receiveRequest(context, message)
}

function receiveRequest(context: ServerContext, message: Frame): void {
  switch (message.type) {
    case 'want':
      return receiveWant(context, message)
    case 'cancel':
      return receiveCancel(context, message.ranges)
    case 'pay':
      return receivePay(context, message)
    case 'open':
      return receiveOpen(context, message)
    case 'topUp':
      return receiveTopUp(context, message)
    default:
      return context.end('PROTOCOL_VIOLATION', `A ${message.type} from a client.`)
  }
}

function leave(context: ServerContext): void {
  const { state } = context
  if (state.phase === 'leaving') return leaveWhenDone(context)
  if (state.phase !== 'serving') return context.close()
  state.phase = 'leaving'
  state.queue = []
  leaveWhenDone(context)
}

function checkTime(context: ServerContext): void {
  const { state } = context
  const waiting = state.phase === 'hello' || state.phase === 'checking'
  if (waiting && state.now - state.startedAt >= SERVER_LIMITS.handshakeMs) {
    return context.end('TIMEOUT', 'The handshake took too long.')
  }
  checkStall(context)
  recheckWhenDue(context)
  const idle = state.now - state.progressAt >= SERVER_LIMITS.idleMs
  if (!waiting && idle && !state.opening) context.end('TIMEOUT', 'Nothing was asked or paid for too long.')
}
