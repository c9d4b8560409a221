/**
 * What travels over a node's admin API, shared by the node, the command line and the dApp. Amounts are decimal strings of
 * token base units, times are unix seconds, roots and CIDs are text. Imports nothing that only one home has.
 */
import type { SluiceContracts } from '@sluice/sdk/chain'
import type { Address, Hex } from 'viem'

/** What a node does besides consuming. */
export type NodeRole = 'seeder' | 'keeper' | 'bootstrap'

export type ContractAddresses = SluiceContracts

/** `GET /v1/status` */
export type NodeStatus = {
  readonly name: string
  readonly version: string
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  /** Base URL of the public listener as this node advertises it. */
  readonly publicUrl: string
  readonly chainId: number
  readonly rpcUrl: string
  /** GraphQL endpoint of an index, where the node's configuration names one. */
  readonly indexUrl?: string
  readonly contracts: ContractAddresses
  /** Address that is paid for slices and pays for gas. */
  readonly wallet: Address
  /** P-256 key of this node's session; a wallet authorises it on chain to let the node speak for it. */
  readonly session: { readonly qx: Hex; readonly qy: Hex }
  readonly roles: readonly NodeRole[]
  /** Present while the node releases key shares. */
  readonly keeper?: { readonly publicKey: Hex }
  /** What one slice costs here; `token` is the zero address for the native coin. */
  readonly price: { readonly token: Address; readonly amount: string }
  /** Where torrent clients connect, and the trackers in use; present while the node is in the torrents’ swarms. */
  readonly torrent?: { readonly address: string; readonly trackers: readonly string[] }
  readonly peers: number
  readonly contents: number
  /** Bytes of slices on disk, and the most that may be. */
  readonly storage: { readonly used: number; readonly quota: number }
  /** Last block the node has seen, and whether the chain answers at the moment. */
  readonly head: number
  readonly chainHealthy: boolean
}

/** `GET /v1/peers` */
export type PeerSummary = {
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  readonly direction: 'inbound' | 'outbound'
  readonly protocols: readonly string[]
  /** Round trip in milliseconds; absent until measured. */
  readonly latencyMs?: number
}

/** One content on this node's disk. */
export type ContentSummary = {
  readonly root: string
  readonly contentId?: Hex
  readonly version?: number
  readonly chainKind: 'sealed' | 'open'
  readonly manifestCid: string
  readonly sliceCount: number
  /** Bytes of all slices as stored, sealed where the content is. */
  readonly byteLength: number
  /** Whether it was uploaded here. */
  readonly origin: boolean
  readonly pinned: boolean
  /** Slices durably here. */
  readonly have: number
  readonly title: string
  readonly mime: string
  /** When it was last served or read, to the hour. */
  readonly usedAt: number
  /** When all of it was last read again and compared, or when it came. */
  readonly scrubbedAt: number
  /** Copies wanted on other nodes, where it was uploaded here. */
  readonly replicas: number
  /** How a torrent client finds it; present while the node is in the torrents' swarms. */
  readonly torrent?: { readonly infoHash: Hex; readonly magnet: string }
}

/** `GET /v1/contents` */
export type HeldContent = ContentSummary & {
  /** Paid for its slices so far, in base units. */
  readonly earned: string
  /** Other nodes that said they hold it when they were asked last; only of what was uploaded here with replicas. */
  readonly replicasFound: number
}

/** `POST /v1/uploads` */
export type UploadRequest = { readonly kind: 'sealed' | 'open'; readonly sliceCount: number }
export type UploadCreated = { readonly uploadId: string }

/** `GET /v1/uploads/:id`; `received` is base64 of what is durably there, slice `i` at bit `i % 8` (lowest first) of byte `i >> 3`. */
export type UploadStatus = { readonly received: string; readonly count: number; readonly sliceCount: number }

/** `POST /v1/uploads/:id/commit`; the manifest block must have been put before. */
export type UploadCommit = { readonly manifestCid: string; readonly contentId?: Hex; readonly version?: number }

/** `POST /v1/contents/:root/register` */
export type RegisterRequest = { readonly contentId: Hex; readonly version: number }

/** `POST /v1/seeds`: a content id, a root CID or a manifest CID. */
export type SeedRequest = { readonly content: string }

/**
 * `POST /v1/downloads`; `maxSpend` bounds what the node's own channels may pay for it, `maxPrice` what for each slice,
 * in token base units.
 */
export type DownloadRequest = {
  readonly content: string
  readonly wallet?: Address
  readonly version?: number
  readonly maxSpend?: string
  readonly maxPrice?: string
  /**
   * `torrent` looks in the torrent's swarm first, as for a magnet link; `libp2p` uses streams of libp2p alone. When
   * left out, each peer is reached by the fastest way that it offers.
   */
  readonly via?: Exclude<Transport, 'ws'>
}

/** `POST /v1/scrubs`: a root, or everything. */
export type ScrubRequest = { readonly content?: string }

/** Slices of a content that were found damaged, and the job that fetches them again. */
export type Damage = {
  readonly root: string
  readonly title: string
  readonly slices: number
  readonly repair: string
}

export type JobCreated = { readonly jobId: string }
export type JobState = 'running' | 'done' | 'failed'

/** Ways by which a node draws slices from others: a libp2p stream, a public listener's WebSocket, a torrent's swarm. */
export type Transport = 'libp2p' | 'ws' | 'torrent'

/** One peer that a job drew slices from, by one way. */
export type JobSource = {
  readonly peerId: string
  readonly slices: number
  readonly paid: string
  readonly via: Transport
}

/** `GET /v1/jobs/:id`, and every line of `GET /v1/jobs/:id/events`. */
export type Job = {
  readonly id: string
  readonly kind: 'seed' | 'download' | 'scrub' | 'repair' | 'replica'
  readonly content: string
  readonly root?: string
  readonly state: JobState
  /** Slices wanted, and how many of them are here; of a scrub, slices here and how many of them were compared. */
  readonly slices: number
  readonly done: number
  readonly bytes: number
  readonly paid: string
  readonly sources: readonly JobSource[]
  /** What a scrub has found so far. */
  readonly damaged?: readonly Damage[]
  readonly error?: ApiError
}

export type ChannelRole = 'payee' | 'payer'

/** `GET /v1/channels?role=` */
export type ChannelSummary = {
  readonly channelId: Hex
  readonly role: ChannelRole
  readonly payer: Address
  readonly payee: Address
  readonly token: Address
  readonly deposit: string
  /** Paid out on chain so far. */
  readonly claimed: string
  /** Total of the best promise held, ticks included. */
  readonly accepted: string
  readonly ticks: number
  /** Zero unless closing. */
  readonly closesAt: number
  readonly state: 'open' | 'closing' | 'closed'
  readonly peerId?: string
}

export type ContentEarnings = {
  readonly root: string
  readonly contentId?: Hex
  readonly title?: string
  readonly slices: number
  readonly earned: string
}

export type ChannelEarnings = {
  readonly channelId: Hex
  readonly payer: Address
  readonly token: Address
  readonly accepted: string
  readonly claimed: string
  /** What a claim would transfer now. */
  readonly claimable: string
  readonly collectable: boolean
  /** Why it is not collectable, or why it should be collected soon. */
  readonly reason?: string
}

/** `GET /v1/earnings`; totals are in base units of the node's price token. */
export type Earnings = {
  readonly contents: readonly ContentEarnings[]
  readonly channels: readonly ChannelEarnings[]
  readonly totals: {
    readonly accepted: string
    readonly claimed: string
    readonly collectable: string
    /** In channels whose payer is closing. */
    readonly atRisk: string
    readonly notWorthGas: string
  }
}

/** `POST /v1/claims`; `force` also claims what is not worth its gas. */
export type ClaimRequest = { readonly channelIds?: readonly Hex[]; readonly close?: boolean; readonly force?: boolean }
export type ClaimResult = { readonly channelId: Hex; readonly amount: string; readonly txHash: Hex }

/** `GET /healthz` */
export type Health = { readonly ok: boolean; readonly chainHealthy: boolean; readonly peers: number }

/** The one shape of every refusal: `{ error: ApiError }`. */
export type ApiError = { readonly code: string; readonly message: string; readonly hint?: string }
