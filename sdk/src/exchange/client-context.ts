import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { Frame, HelloMessage, TermsMessage } from '../wire/index.ts'
import { createAsker } from './asks.ts'
import type { Asker } from './asks.ts'
import type { ClientAsks, ClientConfig, ClientEffect } from './client-types.ts'

/** The channel in use, as this connection knows it. */
export type LiveFunding = {
  channelId: Hex
  deposit: bigint
  promised: bigint
  /** Since when the server has been asked to open or raise it; undefined when it stands. */
  openingSince: number | undefined
  /** False until the channel stands on chain. */
  usable: boolean
  /** What the server has said to have accepted. */
  acknowledged: bigint
  /** How much of the server's credit this connection can use: others of the wallet, and claims that are not believed, use it too. */
  credit: bigint
  /** The last voucher that the server has seen on this connection. */
  knownRoot: Hex | undefined
}

/** One connection's state; only the functions of the client machine change it. */
export type ClientState = {
  phase: 'greeting' | 'hello' | 'checking' | 'ready' | 'leaving' | 'closed'
  now: number
  startedAt: number
  progressAt: number
  /** How long slices had been waited for in vain when the last of them was taken back. */
  waitedMs: number
  hello?: HelloMessage
  terms?: TermsMessage
  fundingAsked: boolean
  funding?: LiveFunding
  /** Wanted and not arrived. */
  outstanding: Set<number>
  /** Wanted and taken back; may arrive all the same, and is paid then. */
  cancelled: Set<number>
  /** Arrived, being verified. */
  verifying: Set<number>
  /** Verified, or lost and believed to be owed; in slices. */
  unpaid: number
  verified: number
  paying: boolean
  /** Nothing more can be had; what is left of the deposit is used up first. */
  exhausted?: SluiceError
}

/** What the parts of the client machine share. */
export type ClientContext = {
  readonly config: ClientConfig
  readonly state: ClientState
  readonly asker: Asker<ClientAsks>
  emit(effect: ClientEffect): void
  send(message: Frame): void
  /** Fails what is outstanding and ends the connection. */
  end(error: SluiceError): void
  close(error?: SluiceError): void
  take(): ClientEffect[]
}

export function createClientContext(config: ClientConfig, now: number): ClientContext {
  let effects: ClientEffect[] = []
  const state: ClientState = {
    phase: 'greeting',
    now,
    startedAt: now,
    progressAt: now,
    waitedMs: 0,
    fundingAsked: false,
    outstanding: new Set(),
    cancelled: new Set(),
    verifying: new Set(),
    unpaid: 0,
    verified: 0,
    paying: false,
  }
  const emit = (effect: ClientEffect): void => {
    if (state.phase !== 'closed') effects.push(effect)
  }
  const asker = createAsker<ClientAsks>({ emit, otherwise: (error) => context.end(error) })
  const context: ClientContext = {
    config,
    state,
    asker,
    emit,
    send: (message) => emit({ type: 'send', message }),
    end: (error) => {
      emit({ type: 'send', message: { type: 'bye', code: error.code } })
      context.close(error)
    },
    close: (error) => {
      if (state.phase === 'closed') return
      const reason = error ?? new SluiceError('ABORTED', 'The source was closed.')
      const unsettled = [...state.outstanding, ...state.cancelled, ...state.verifying]
      for (const index of unsettled) emit({ type: 'failed', index, error: reason })
      emit({ type: 'close', ...(error && { error }), lost: lostValue(state) })
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

function lostValue({ terms, outstanding, cancelled, verifying, unpaid }: ClientState): bigint {
  return (terms?.price ?? 0n) * BigInt(outstanding.size + cancelled.size + verifying.size + unpaid)
}
