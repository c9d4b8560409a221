import type { CID } from 'multiformats/cid'
import type { Address, Hex } from 'viem'
import type { ErrorCode } from '../errors.ts'
import type { OpenIntent, TopUp, Voucher } from '../session/index.ts'
import type { SessionPublicKey, SessionSignature } from '../session/index.ts'

/** Slices `first` to `last`, both included. */
export type SliceRange = { readonly first: number; readonly last: number }

/** The server's first word: 32 random bytes that the Hello must repeat. */
export type ChallengeMessage = { readonly type: 'challenge'; readonly nonce: Hex }

/** A wallet and the session that speaks for it, with its signature over the Hello. */
export type Identity = {
  readonly wallet: Address
  readonly session: SessionPublicKey
  readonly signature: SessionSignature
}

/** A replication grant for the Hello's root, as the creator's session signed it. */
export type SignedGrant = {
  readonly peerId: string
  readonly wallet: Address
  readonly maxBytes: bigint
  readonly until: bigint
  readonly session: SessionPublicKey
  readonly signature: SessionSignature
}

/** Who asks for which content; anonymous without `identity`. */
export type HelloMessage = {
  readonly type: 'hello'
  readonly challenge: Hex
  readonly serverPeerId: string
  readonly clientId: Hex
  readonly root: CID
  readonly chainId: bigint
  /** Unix seconds. */
  readonly expiry: bigint
  readonly identity?: Identity
  readonly grant?: SignedGrant
}

/** An open channel as the server knows it: its deposit and the total it has accepted, in token base units. */
export type ChannelStanding = { readonly channelId: Hex; readonly deposit: bigint; readonly accepted: bigint }

/** What the server offers; amounts in base units of `token`, which is the zero address for the native coin. */
export type Offer = {
  readonly termsId: number
  readonly price: bigint
  readonly token: Address
  readonly payee: Address
  readonly credit: bigint
  readonly minChannel: bigint
  /** Least challenge window of a new channel, seconds. */
  readonly challenge: number
  /** Unix seconds. */
  readonly expiry: bigint
  readonly sliceCount: number
  /** One bit per slice, lowest index in the lowest bit of the first byte. */
  readonly has: Uint8Array
  readonly owed: bigint
  readonly channel?: ChannelStanding
}

/** An offer signed by the server's peer key (Ed25519, 64 bytes). */
export type TermsMessage = Offer & { readonly type: 'terms'; readonly signature: Uint8Array }

/** A refusal: of one slice, of what was asked on one channel, or of the last request. */
export type DeniedMessage = {
  readonly type: 'denied'
  readonly code: ErrorCode
  readonly message: string
  readonly index?: number
  readonly channelId?: Hex
}

export type OpenMessage = { readonly type: 'open'; readonly intent: OpenIntent; readonly signature: SessionSignature }
export type OpenedMessage = { readonly type: 'opened'; readonly channelId: Hex; readonly deposit: bigint }
export type TopUpMessage = { readonly type: 'topUp'; readonly order: TopUp; readonly signature: SessionSignature }
export type WantMessage = {
  readonly type: 'want'
  readonly termsId: number
  readonly ranges: readonly SliceRange[]
  readonly priority: number
}
export type CancelMessage = { readonly type: 'cancel'; readonly ranges: readonly SliceRange[] }
export type SliceMessage = {
  readonly type: 'slice'
  readonly index: number
  readonly data: Uint8Array
  /** Nothing is owed for it: it is public. */
  readonly free?: true
}

/** A voucher and the session's signature over it. */
export type SignedVoucher = { readonly voucher: Voucher; readonly signature: SessionSignature }

/** A payment, absolute: the voucher's cumulative and `ticks` of its ticks. Without a voucher it adds to the last one. */
export type PayMessage = {
  readonly type: 'pay'
  readonly channelId: Hex
  readonly signed?: SignedVoucher
  readonly tick: Hex
  readonly ticks: number
}
export type PaidMessage = { readonly type: 'paid'; readonly channelId: Hex; readonly total: bigint }
export type ByeMessage = { readonly type: 'bye'; readonly code?: ErrorCode }

/** One frame of the slice exchange. */
export type Frame =
  | ChallengeMessage
  | HelloMessage
  | TermsMessage
  | DeniedMessage
  | OpenMessage
  | OpenedMessage
  | TopUpMessage
  | WantMessage
  | CancelMessage
  | SliceMessage
  | PayMessage
  | PaidMessage
  | ByeMessage
