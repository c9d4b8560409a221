import type { Address, Hex } from 'viem'
import type { ChannelClaim, ClaimedTotal } from '@sluice/sdk/chain'
import { CHANNEL_FACTOR } from '@sluice/sdk/channel'
import type { ClaimPolicy, Descriptor, GasMarket } from '@sluice/sdk/channel'
import type { OpenIntent, SessionDomain, SessionPublicKey, SessionSignature, TopUp } from '@sluice/sdk/session'
import type { SliceRange } from '@sluice/sdk/wire'
import type { ChainStanding, Ledger } from '../../ledger/index.ts'
import type { Log } from '../../log.ts'
import type { ContentStore } from '../../store/index.ts'

/** What the chain says a wallet may have, cached by the node and invalidated by events. */
export type Entitlements = {
  /** Slices that the wallet may have now, none when it holds no key; the creator gets all. */
  check(root: string, wallet: Address, options: { fresh: boolean }): Promise<readonly SliceRange[]>
  /** The public preview of sealed content. */
  publicSlices(root: string): readonly SliceRange[] | Promise<readonly SliceRange[]>
  /** Whose content this is; undefined when the chain does not know it. */
  creatorOf(root: string): Promise<Address | undefined>
  /** Calls back when anything above may have changed: for one wallet, or for any. Returns how to stop it. */
  onChange(listener: (change?: { readonly wallet?: Address }) => void): () => void
}

export type Sessions = {
  /** First second at which the session no longer speaks for the wallet; zero when it never did. */
  expiry(wallet: Address, session: SessionPublicKey, options: { fresh: boolean }): Promise<bigint>
  /** Calls back with a wallet one of whose sessions was granted or revoked, or with nothing where any may have been. */
  onChange?(listener: (wallet: Address | undefined) => void): () => void
}

/** A transaction that claimed; `claimed` are the running totals after it. */
export type ClaimReceipt = {
  readonly hash: Hex
  readonly claimed: readonly ClaimedTotal[]
}

/** What the service does on chain, each simulated first and waited for as deep as the node is configured. */
export type ChannelActions = {
  open(intent: OpenIntent, signature: SessionSignature): Promise<void>
  topUp(descriptor: Descriptor, order: TopUp, signature: SessionSignature): Promise<void>
  claim(claims: readonly ChannelClaim[]): Promise<ClaimReceipt>
  claimAndClose(claim: ChannelClaim): Promise<ClaimReceipt>
  closeNow(descriptor: Descriptor): Promise<{ hash: Hex }>
  /** Undefined when the channel was never opened. */
  standing(channelId: Hex): Promise<ChainStanding | undefined>
  /** Wei per gas, now. */
  gasPrice(): Promise<bigint>
}

/** What this node asks for. Amounts in base units of `token`. */
export type SlicePolicy = {
  readonly payee: Address
  readonly token: Address
  /** Per slice; zero is free. */
  readonly price: bigint
  /** Slices that a wallet may owe for at once. */
  readonly creditSlices: number
  /** Least challenge window of a new channel, seconds. */
  readonly challenge: number
  /** Smallest channel, as a multiple of what opening and claiming it costs in gas; 0 accepts any. */
  readonly minChannelFactor: bigint
  /** Exchanges open at once, all transports together. */
  readonly maxConnections: number
  /** Channels that one wallet may have open here: each costs this node the gas of opening it. */
  readonly maxChannelsPerPayer: number
  /** Bytes of public slices per address prefix and minute. */
  readonly publicBytesPerMinute: number
  readonly claim: ClaimPolicy
  /** What base units of `token` are worth in wei; 1:1 for the native coin. */
  readonly rate: GasMarket['rate']
}

export const DEFAULT_SLICE_POLICY = {
  creditSlices: 32,
  challenge: 24 * 3600,
  minChannelFactor: CHANNEL_FACTOR,
  maxConnections: 256,
  maxChannelsPerPayer: 8,
  publicBytesPerMinute: 256 * 1024 * 1024,
} as const

/** Counters of what was served, for the node's metrics. */
export type SliceMetrics = {
  sliceServed(bytes: number, kind: 'paid' | 'granted' | 'public'): void
  paymentAccepted(): void
  refused(code: string): void
  connections(delta: 1 | -1): void
}

export type SliceComponents = {
  readonly store: Pick<ContentStore, 'get' | 'has' | 'readSlice'>
  readonly ledger: Ledger
  readonly entitlements: Entitlements
  readonly sessions: Sessions
  readonly chain: ChannelActions
  readonly identity: { readonly peerId: string; sign(bytes: Uint8Array): Promise<Uint8Array> | Uint8Array }
  readonly policy: SlicePolicy
  readonly domain: SessionDomain
  readonly log: Log
  readonly metrics?: SliceMetrics
}

/** Who is at the other end, as the transport knows it. */
export type Remote = {
  readonly transport: 'libp2p' | 'ws' | 'torrent'
  /** What byte budgets are counted by: a /24 or /48 of the address. */
  readonly addressPrefix: string
  /** Authenticated by the transport; undefined but over libp2p. */
  readonly peerId?: string
}
