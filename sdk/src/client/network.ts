import type { CID } from 'multiformats/cid'
import type { FrameChannel } from '../exchange/frame-channel.ts'
import type { Via } from '../exchange/swarm-types.ts'

/** Someone who says to hold a content. Nothing here is trusted: what it serves is verified by CID. */
export type Provider = {
  /** libp2p peer id, base58 or base36 text. */
  readonly peerId: string
  /** Addresses as multiaddr text, at most 16. */
  readonly multiaddrs: readonly string[]
  /** Base URL of its public listener, when it has one that this side can reach; the exchange is at `/exchange`. */
  readonly url?: string
}

/** A keeper, as its node announces itself. */
export type KeeperInfo = Provider & {
  /** Compressed ristretto255 point, hex. */
  readonly publicKey: `0x${string}`
  /** Schnorr proof of possession, hex. */
  readonly proof: `0x${string}`
}

/** A connection to one provider that speaks the slice exchange. */
export type Connection = { readonly peerId: string; readonly channel: FrameChannel }

/**
 * Hashes a slice somewhere else than here: takes its memory, which is empty here afterwards, and gives the same bytes
 * back. Undefined for what is hashed in place sooner.
 */
export type HashSlice = (
  bytes: Uint8Array,
) => Promise<{ readonly digest: Uint8Array; readonly bytes: Uint8Array }> | undefined

/** One way to a provider's exchange. */
export type Way = {
  readonly via: Via
  /** Who is blamed for what comes this way; see {@link Network.nameOf}. */
  readonly name: string
  /** Whether the transport shows each end who the other is: a grant is for one peer, and honoured no other way. */
  readonly provesPeers: boolean
  /** How slices that come this way are hashed, where that is not in place. */
  readonly hash?: HashSlice
  connect(options: { signal: AbortSignal }): Promise<Connection>
}

export type ContentRequest = {
  readonly method: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/**
 * All that the client needs of a network. A node implements it over libp2p, a page over the public HTTP and WebSocket
 * listener of its own node; tests in memory. Every wait takes a signal.
 */
export type Network = {
  /** Yields providers of a root as they are found; ends when the look-up ends. */
  findProviders(root: CID, options: { signal: AbortSignal }): AsyncIterable<Provider>
  /** Opens the slice exchange with one provider. */
  connect(provider: Provider, options: { signal: AbortSignal }): Promise<Connection>
  /**
   * Who is blamed for what comes from a provider: its peer id where the transport proves that, which is so when this is
   * left out; otherwise with the address, since whoever answers there may pass on another's terms and falsify the slices.
   */
  nameOf?(provider: Provider): string
  /** Ways to a provider's exchange, the fastest first; `connect` is the only one where this is left out. */
  waysTo?(provider: Provider): readonly Way[]
  /**
   * Asks one provider's public listener for a content's public slices (`/slices/:root`), whatever it answers. Left out where
   * this side does not use HTTP. Throws NODE_UNREACHABLE where the provider has announced no URL.
   */
  requestContent?(provider: Provider, root: CID, options: ContentRequest): Promise<Response>
  /** A manifest, lockbox, DAG node or thumbnail, at most 1 MiB, already verified against its CID. */
  fetchBlock(cid: CID, options: { signal: AbortSignal }): Promise<Uint8Array>
  /** Keepers that answer now. */
  findKeepers(options: { signal: AbortSignal }): Promise<KeeperInfo[]>
  /** Sends an encoded key request to one keeper and returns its encoded answer. */
  requestShare(keeperPeerId: string, request: Uint8Array, options: { signal: AbortSignal }): Promise<Uint8Array>
}
