import type { Account, Address, Chain, Client, Hash, Hex, TransactionReceipt, Transport } from 'viem'
import type { Descriptor } from '../channel/index.ts'
import type { SessionSignature, Voucher } from '../session/index.ts'

/** The contracts of a deployment: under which name their addresses travel, and what they are called in Solidity. */
export const CONTRACT_NAMES = {
  /** Who published which content. */
  registry: 'MetaHashRegistry',
  /** Editions and the keys sold from them. */
  keys: 'ContentKeys',
  /** Resale of keys. */
  market: 'KeyMarket',
  /** Escrow, sessions and payment channels. */
  channels: 'SliceChannels',
  /** Who runs which node: roles, endpoints, keepers' keys, stakes. */
  nodes: 'NodeRegistry',
  /** Handles, follows, reactions, comments and views. */
  social: 'SocialGraph',
} as const

/** Where the contracts of one deployment live. */
export type SluiceContracts = { readonly [name in keyof typeof CONTRACT_NAMES]: Address }

/** Makes a record of all contracts by asking for each, in the order of {@link CONTRACT_NAMES}. */
export function contractsBy<value>(get: (name: keyof SluiceContracts) => value): Record<keyof SluiceContracts, value> {
  const names = Object.keys(CONTRACT_NAMES) as (keyof SluiceContracts)[]
  return Object.fromEntries(names.map((name) => [name, get(name)])) as Record<keyof SluiceContracts, value>
}

/** Stands for the chain's native coin wherever a token is named. */
export const NATIVE_TOKEN: Address = '0x0000000000000000000000000000000000000000'

/** Any viem client can read. */
export type ReadClient = Client

/** A viem client that knows whose transactions it sends. */
export type WriteClient = Client<Transport, Chain | undefined, Account>

/** What every read takes. */
export type ReadOptions = {
  readonly contracts: SluiceContracts
  /** The state after this block; the latest when left out. */
  readonly blockNumber?: bigint | undefined
}

/** What every write takes. */
export type WriteOptions = {
  readonly contracts: SluiceContracts
  /** Called as soon as the wallet has sent the transaction, before it is mined. */
  readonly onHash?: ((hash: Hash) => void) | undefined
  /** Blocks to wait for, the transaction's own included; 1 when left out. */
  readonly confirmations?: number | undefined
  /** Milliseconds to wait for them; 180,000 when left out. */
  readonly timeout?: number | undefined
  /** Stops the waiting; what was sent stays sent. */
  readonly signal?: AbortSignal | undefined
}

/** A mined transaction. */
export type WriteResult = { readonly hash: Hash; readonly receipt: TransactionReceipt }

/** An ERC-2612 permit's signature, over exactly the amount that the action moves. */
export type Permit = { readonly deadline: bigint; readonly v: number; readonly r: Hex; readonly s: Hex }

/** Everything a claim needs; `keccak256` applied `ticks` times to `tick` gives the voucher's `tickRoot`. */
export type ChannelClaim = {
  readonly descriptor: Descriptor
  readonly voucher: Voucher
  readonly signature: SessionSignature
  readonly tick: Hex
  readonly ticks: number
}

/** The registry's kinds, in the order of its enum. */
export const CONTENT_KINDS = ['media', 'file', 'component'] as const
export type ContentKind = (typeof CONTENT_KINDS)[number]

/** The registry's statuses, in the order of its enum. */
export const CONTENT_STATUSES = ['none', 'active', 'delisted'] as const
export type ContentStatus = (typeof CONTENT_STATUSES)[number]

/** One version's bytes, as registered. */
export type ContentVersion = {
  /** sha2-256 of the manifest's bytes. */
  readonly metaHash: Hex
  readonly proofRoot: Hex
  readonly sliceCount: number
  /** Unix seconds. */
  readonly publishedAt: bigint
}

/** A content as registered; versions are numbered from 1. */
export type ContentRecord = {
  readonly contentId: Hex
  readonly creator: Address
  readonly pendingCreator: Address
  readonly status: ContentStatus
  readonly kind: ContentKind
  readonly versionCount: number
}

/** One of those who share an edition's revenue, in basis points of what is left after referral. */
export type Payout = { readonly to: Address; readonly bps: number }

/** What an edition sells; see `IContentKeys.Terms`. */
export type EditionTerms = {
  /** Of one key, in base units of `token`. */
  readonly price: bigint
  readonly token: Address
  /** Zero for no limit. */
  readonly maxSupply: bigint
  readonly firstSlice: number
  /** Inclusive; {@link TO_THE_END} for the end of every version. */
  readonly lastSlice: number
  readonly laterVersions: boolean
  /** Seconds one purchase lasts; zero for ever. */
  readonly duration: number
  readonly royaltyBps: number
  readonly referralBps: number
  readonly transferable: boolean
  /** Empty for the creator alone. */
  readonly payouts: readonly Payout[]
}

/** `lastSlice` of an edition that reaches the end of every version it opens. */
export const TO_THE_END = 0xffffffff

/** An edition as stored. */
export type Edition = {
  readonly editionId: bigint
  readonly contentId: Hex
  readonly version: number
  readonly sold: bigint
  /** Of the current lockbox; the first has 1. */
  readonly epoch: number
  readonly lockboxHash: Hex
  readonly terms: EditionTerms
}

/** What a holder offers for resale. */
export type KeyListing = {
  readonly editionId: bigint
  readonly seller: Address
  /** Of one key, royalty included, in base units of `token`. */
  readonly unitPrice: bigint
  readonly token: Address
  /** Keys left of the offer. */
  readonly quantity: bigint
  /** Unix seconds; from then on nothing is sold. */
  readonly expiry: bigint
  /** Keys that could be bought now, given time, the seller's balance and its approval of the market. */
  readonly available: bigint
}
