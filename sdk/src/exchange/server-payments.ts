import type { Hex } from 'viem'
import { acceptIntent, channelId, descriptorOf, sameHex, sameSession } from '../channel/index.ts'
import { isSluiceError } from '../errors.ts'
import type { SluiceError } from '../errors.ts'
import type { OpenMessage, PayMessage, TopUpMessage } from '../wire/index.ts'
import type { ServerContext } from './server-context.ts'
import { requireServing, unixSeconds } from './server-hello.ts'
import { leaveWhenDone, resume } from './server-slices.ts'
import { SERVER_LIMITS } from './server-types.ts'
import type { Speaker } from './server-types.ts'

/** Judges an intent before any gas is spent, then has it submitted and waits for its depth. */
export function receiveOpen(context: ServerContext, message: OpenMessage): void {
  const { config, state } = context
  const { admission, quote } = requireServing(context)
  const { intent } = message
  const id = channelId(config.domain, descriptorOf(intent))
  const { speaker } = admission
  if (speaker === undefined || !speaksFor(speaker, intent)) {
    return context.refuse('SESSION_FOREIGN', 'The intent is not this session’s.', { channelId: id })
  }
  if (speaker.expiry <= intent.deadline) {
    return context.refuse('SESSION_EXPIRED', 'The session ends before the intent does.', { channelId: id })
  }
  try {
    acceptIntent(intent, quote.policy, unixSeconds(state.now))
  } catch (error) {
    if (!isSluiceError(error)) throw error
    return context.refuse(error.code, error.message, { channelId: id })
  }
  if (!startOpening(context)) return
  context.asker.ask(
    'open',
    { speaker, message },
    (opened) => confirm(context, opened),
    (error) => refuseOpening(context, error, id),
  )
}

export function receiveTopUp(context: ServerContext, message: TopUpMessage): void {
  const { admission, quote } = requireServing(context)
  const id = message.order.channelId
  const { speaker } = admission
  if (speaker === undefined) return context.refuse('SESSION_FOREIGN', 'Nobody speaks here.', { channelId: id })
  if (!startOpening(context)) return
  context.asker.ask(
    'topUp',
    { speaker, policy: quote.policy, message },
    (opened) => confirm(context, opened),
    (error) => refuseOpening(context, error, id),
  )
}

/** Payments are judged one after the other, in the order they came. */
export function receivePay(context: ServerContext, message: PayMessage): void {
  const { state } = context
  if (state.payments.length >= SERVER_LIMITS.payments) {
    return context.end('PROTOCOL_VIOLATION', 'More payments than slices.')
  }
  state.payments.push(message)
  judgeNext(context)
}

function judgeNext(context: ServerContext): void {
  const { state, asker } = context
  if (state.paying || (state.phase !== 'serving' && state.phase !== 'leaving')) return
  const message = state.payments.shift()
  if (message === undefined) return
  const { admission } = requireServing(context)
  state.paying = true
  const goOn = (): void => {
    state.paying = false
    judgeNext(context)
    leaveWhenDone(context)
  }
  asker.ask(
    'pay',
    { admission, message },
    ({ total, added }) => {
      state.unpaid -= added
      if (added > 0n) state.progressAt = state.now
      state.receipt = { channelId: message.channelId, total, added: added + (state.receipt?.added ?? 0n) }
      goOn()
      resume(context)
      sendReceipt(context)
    },
    (error) => {
      context.refuse(error.code, error.message, { channelId: message.channelId })
      goOn()
    },
  )
}

/** Receipts are absolute, so one answers for many payments: at half the credit, and when nothing else is to be sent. */
function sendReceipt(context: ServerContext): void {
  const { state } = context
  const { receipt, quote } = state
  if (receipt === undefined || quote === undefined || state.payments.length > 0) return
  const busy = state.active.size > 0 || (state.queue.length > 0 && state.stalledAt === undefined)
  if (busy && 2n * receipt.added < quote.credit) return
  context.send({ type: 'paid', channelId: receipt.channelId, total: receipt.total })
  delete state.receipt
}

function startOpening(context: ServerContext): boolean {
  const { state } = context
  if (state.opening) context.end('PROTOCOL_VIOLATION', 'One channel is opened at a time.')
  const free = !state.opening
  state.opening = true
  return free
}

function confirm(context: ServerContext, { channelId: id, deposit }: { channelId: Hex; deposit: bigint }): void {
  context.state.opening = false
  context.state.progressAt = context.state.now
  context.send({ type: 'opened', channelId: id, deposit })
}

function refuseOpening(context: ServerContext, error: SluiceError, id: Hex): void {
  context.state.opening = false
  context.refuse(error.code, error.message, { channelId: id })
}

function speaksFor(speaker: Speaker, intent: OpenMessage['intent']): boolean {
  return sameHex(speaker.wallet, intent.payer) && sameSession(speaker.session, intent.session)
}
