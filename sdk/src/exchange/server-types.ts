import type { CID } from 'multiformats/cid'
import type { Address, Hex } from 'viem'
import type { IntentPolicy } from '../channel/index.ts'
import type { ErrorCode } from '../errors.ts'
import type { SessionDomain, SessionPublicKey } from '../session/index.ts'
import type {
  ChannelStanding,
  Frame,
  HelloMessage,
  OpenMessage,
  PayMessage,
  SliceRange,
  TopUpMessage,
} from '../wire/index.ts'
import type { Ask } from './asks.ts'

/** A content as this server holds it. */
export type ServedContent = {
  readonly sliceCount: number
  /** One bit per slice. */
  readonly has: Uint8Array
  /** What anyone may have: the public preview of sealed content, everything of open content. */
  readonly publicSlices: readonly SliceRange[]
  readonly open: boolean
}

/** On what grounds a connection is served. */
export type Admission = {
  readonly kind: 'paid' | 'granted' | 'public'
  readonly root: CID
  readonly hello: HelloMessage
  readonly allowed: readonly SliceRange[]
  /** What anyone may have: it costs nothing here either. */
  readonly publicSlices?: readonly SliceRange[]
  readonly speaker?: Speaker
}

/** The wallet on whose behalf a connection asks, and the session that speaks for it until `expiry` (unix seconds). */
export type Speaker = { readonly wallet: Address; readonly session: SessionPublicKey; readonly expiry: bigint }

/** What this server asks for, in base units of `policy.token`; `price` zero is free. */
export type Quote = {
  readonly price: bigint
  readonly credit: bigint
  readonly policy: IntentPolicy
  readonly owed: bigint
  readonly channel?: ChannelStanding
}

export type ReserveResult = 'reserved' | 'free' | 'exhausted' | 'limited'

/** What the server machine asks the world. Each may be refused with a `SluiceError`. */
export type ServerAsks = {
  content: { request: CID; result: ServedContent | undefined }
  verifyHello: { request: HelloMessage; result: boolean }
  /** First second at which the session no longer speaks for the wallet; zero when it never did. */
  sessionExpiry: { request: { wallet: Address; session: SessionPublicKey }; result: bigint }
  entitlement: { request: { root: CID; wallet: Address; fresh: boolean }; result: readonly SliceRange[] }
  /** Whether the Hello's grant is one that this server honours. */
  grant: { request: HelloMessage; result: boolean }
  quote: { request: Admission; result: Quote }
  sign: { request: Uint8Array; result: Uint8Array }
  open: { request: { speaker: Speaker; message: OpenMessage }; result: { channelId: Hex; deposit: bigint } }
  topUp: {
    request: { speaker: Speaker; policy: IntentPolicy; message: TopUpMessage }
    result: { channelId: Hex; deposit: bigint }
  }
  pay: { request: { admission: Admission; message: PayMessage }; result: { total: bigint; added: bigint } }
  /** Takes one slice's price, or its bytes where nothing is owed for it, before the slice is read; `waiting` more are wanted. */
  reserve: { request: { admission: Admission; quote: Quote; index: number; waiting: number }; result: ReserveResult }
  /** Gives back what was reserved for a slice that was not sent. */
  release: { request: { admission: Admission; quote: Quote; index: number; free: boolean }; result: void }
  read: { request: { admission: Admission; index: number; free: boolean }; result: Uint8Array | undefined }
}

export type ServerEffect =
  | Ask<ServerAsks>
  /** With an id, the driver resolves it when the transport has taken the message. */
  | { readonly type: 'send'; readonly message: Frame; readonly id?: number }
  | { readonly type: 'close'; readonly code?: ErrorCode }

export type ServerConfig = {
  readonly peerId: string
  readonly domain: SessionDomain
  /** 32 random bytes, used for this connection only. */
  readonly challenge: Hex
  /** Longest life of an offer, seconds. */
  readonly termsLifetime: bigint
}

/** Bounds of one connection; times in milliseconds. */
export const SERVER_LIMITS = {
  handshakeMs: 10_000,
  idleMs: 120_000,
  /** How often it is asked again whether the client may have this, beside what events tell; how long without an answer. */
  recheckMs: 60_000,
  uncheckedMs: 300_000,
  /** How long another connection of the same wallet may take to pay for the credit that it uses. */
  creditPatienceMs: 1000,
  /** Slices wanted and not yet sent. */
  outstanding: 64,
  /** Slices being read and sent at once. */
  pipeline: 4,
  /** Payments waiting to be judged. */
  payments: 256,
  /** Refusals before a connection is not worth keeping. */
  strikes: 16,
} as const
