import type { Hex } from 'viem'
import type { ErrorCode, SluiceError } from '../errors.ts'
import type { Frame, PayMessage } from '../wire/index.ts'
import { createAsker } from './asks.ts'
import type { Asker } from './asks.ts'
import { clearBit, hasBit } from './bitfield.ts'
import type { Admission, Quote, ServerAsks, ServerConfig, ServerEffect } from './server-types.ts'
import { SERVER_LIMITS } from './server-types.ts'

export type Wanted = { readonly index: number; readonly priority: number }

/** One connection's state; only the functions of the server machine change it. */
export type ServerState = {
  phase: 'hello' | 'checking' | 'serving' | 'leaving' | 'closed'
  now: number
  startedAt: number
  progressAt: number
  admission?: Admission
  quote?: Quote
  /** The slices of the offer, but for those that were refused since. */
  offered: Uint8Array
  /** Why nothing is served any more, where it was not the client that left. */
  departure?: { readonly code: ErrorCode; readonly message: string }
  /** Unix seconds at which the offer ends. */
  termsExpiry: bigint
  /** When it was last certain that the client may have this, and when that was asked last. */
  checkedAt: number
  recheckedAt: number
  /** While it is being asked, and whether it is to be asked once more. */
  rechecking: 'once' | 'again' | undefined
  queue: Wanted[]
  /** Reserved, being read or sent. */
  active: Set<number>
  /** Those of the active that have not been read yet, and those for which nothing is owed. */
  reading: Set<number>
  free: Set<number>
  reserving: boolean
  /** Since when credit is exhausted; a payment clears it. */
  stalledAt: number | undefined
  /** Value sent on this connection and not paid on it. */
  unpaid: bigint
  opening: boolean
  payments: PayMessage[]
  paying: boolean
  /** What has been accepted and not been answered yet. */
  receipt?: { readonly channelId: Hex; readonly total: bigint; readonly added: bigint }
  strikes: number
}

/** What the parts of the server machine share. */
export type ServerContext = {
  readonly config: ServerConfig
  readonly state: ServerState
  readonly asker: Asker<ServerAsks>
  send(message: Frame): void
  /** Sends and goes on when the transport has taken it. */
  sendThen(message: Frame, then: () => void): void
  /** Refuses one thing and goes on, until there were too many refusals; the first of a slice that was offered is not the client's fault. */
  refuse(code: ErrorCode, message: string, about?: { index?: number; channelId?: Hex }): void
  /** Refuses and ends the connection. */
  end(code: ErrorCode, message: string): void
  close(code?: ErrorCode): void
  /** Hands over what has been put out since the last call. */
  take(): ServerEffect[]
}

const MAX_MESSAGE = 256

export function createServerContext(config: ServerConfig, now: number): ServerContext {
  let effects: ServerEffect[] = []
  const state = initialState(now)
  const emit = (effect: ServerEffect): void => {
    if (state.phase !== 'closed') effects.push(effect)
  }
  const asker = createAsker<ServerAsks & { sent: { request: Frame; result: void } }>({
    emit: (ask) => {
      if (ask.kind === 'sent') emit({ type: 'send', message: ask.request, id: ask.id })
      else emit(ask)
    },
    otherwise: (error: SluiceError) => context.end(error.code, error.message),
  })
  const context: ServerContext = {
    config,
    state,
    asker,
    send: (message) => emit({ type: 'send', message }),
    sendThen: (message, then) => asker.ask('sent', message, then),
    refuse: (code, message, about = {}) => {
      const { index = -1 } = about
      if (!hasBit(state.offered, index)) state.strikes += 1
      clearBit(state.offered, index)
      if (state.strikes > SERVER_LIMITS.strikes) return context.end('PROTOCOL_VIOLATION', 'Too many refusals.')
      emit({ type: 'send', message: { type: 'denied', code, message: message.slice(0, MAX_MESSAGE), ...about } })
    },
    end: (code, message) => {
      emit({ type: 'send', message: { type: 'denied', code, message: message.slice(0, MAX_MESSAGE) } })
      context.close(code)
    },
    close: (code) => {
      if (state.phase === 'closed') return
      const { admission, quote } = state
      // What was handed to the transport may have arrived, and stays owed; what was not even read is given back.
      if (admission && quote) {
        for (const index of state.reading) {
          asker.ask('release', { admission, quote, index, free: state.free.has(index) }, noop)
        }
      }
      emit({ type: 'close', ...(code && { code }) })
      state.phase = 'closed'
      asker.clear()
    },
    take: () => {
      const taken = effects
      effects = []
      return taken
    },
  }
  return context
}

function initialState(now: number): ServerState {
  return {
    phase: 'hello',
    now,
    startedAt: now,
    progressAt: now,
    offered: new Uint8Array(0),
    termsExpiry: 0n,
    checkedAt: now,
    recheckedAt: now,
    rechecking: undefined,
    queue: [],
    active: new Set(),
    reading: new Set(),
    free: new Set(),
    reserving: false,
    stalledAt: undefined,
    unpaid: 0n,
    opening: false,
    payments: [],
    paying: false,
    strikes: 0,
  }
}

function noop(): void {}
