import type { Address, Hex } from 'viem'
import type { SluiceError } from '../errors.ts'
import type {
  Frame,
  HelloMessage,
  OpenMessage,
  PayMessage,
  SliceRange,
  TermsMessage,
  TopUpMessage,
} from '../wire/index.ts'
import type { Ask } from './asks.ts'

/** The channel that pays one source. Amounts in base units of the terms' token. */
export type Funding = {
  readonly channelId: Hex
  readonly deposit: bigint
  readonly promised: bigint
  /** An intent to send; the channel pays once the server has confirmed it. */
  readonly message?: OpenMessage
  /** Promised before and not known to the server: the first payment says it again. */
  readonly unacknowledged: bigint
  /** Value of slices that this side lost on the way, and so believes to owe. */
  readonly lost: bigint
  /** Whether another connection of this side is using credit there now. */
  readonly shared: boolean
}

/** Whether bytes are the slice that they are meant to be; where verifying took their memory, the bytes that it gave back. */
export type Verdict = boolean | Uint8Array

/** A payment that has been saved, ready to leave. */
export type Payment = { readonly message: PayMessage; readonly promised: bigint; readonly tickRoot: Hex }

/** What the client machine asks the world. Each may be refused with a `SluiceError`. */
export type ClientAsks = {
  signHello: { request: { challenge: Hex }; result: HelloMessage }
  /** Whether the terms are signed by the peer that was meant, over this Hello. */
  checkTerms: { request: { hello: HelloMessage; terms: TermsMessage }; result: boolean }
  /** Finds or makes a channel for about `value`. */
  fund: { request: { terms: TermsMessage; value: bigint }; result: Funding }
  opened: { request: { channelId: Hex; deposit: bigint }; result: { deposit: bigint } }
  topUp: { request: { terms: TermsMessage; channelId: Hex; value: bigint }; result: TopUpMessage }
  /** Promises `count` more slices, and saves that before it answers. `knownRoot` is what this server has seen. */
  pay: { request: { channelId: Hex; price: bigint; count: number; knownRoot: Hex | undefined }; result: Payment }
  verifySlice: { request: { index: number; data: Uint8Array }; result: Verdict }
}

export type ClientEffect =
  | Ask<ClientAsks>
  | { readonly type: 'send'; readonly message: Frame }
  | { readonly type: 'ready'; readonly terms: TermsMessage }
  /** Verified; what is not `free` is paid. */
  | { readonly type: 'slice'; readonly index: number; readonly data: Uint8Array; readonly free: boolean }
  | { readonly type: 'failed'; readonly index: number; readonly error: SluiceError }
  /** The end: `lost` is the value of what was asked for and neither arrived nor was paid. */
  | { readonly type: 'close'; readonly error?: SluiceError; readonly lost: bigint }

export type ClientConfig = {
  /** The most that this side pays per slice. */
  readonly maxPrice: bigint
  /** The one token it pays in; the zero address is the native coin. */
  readonly token: Address
  /** How many slices it expects to fetch here, for the size of a channel. */
  readonly expectedSlices: number
  /** What the manifest says. */
  readonly sliceCount: number
  /** What may come for nothing: of anything else it is not believed, since somebody in between could say it. */
  readonly publicSlices: readonly SliceRange[]
  /** Without progress for so long, a source stalls; milliseconds. */
  readonly stallMs: number
}

/** Bounds of one connection; times in milliseconds. */
export const CLIENT_LIMITS = {
  handshakeMs: 10_000,
  stallMs: 15_000,
  /** A chain may be slow; the server waits for its configured depth. */
  openingMs: 180_000,
  leavingMs: 10_000,
  outstanding: 64,
} as const
