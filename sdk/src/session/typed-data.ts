import { hashTypedData } from 'viem'
import type { Address, Hex, TypedDataDomain } from 'viem'
import type { SessionPublicKey } from './session.ts'

/** The EIP-712 structs that a session signs. The first three are verified on chain, the rest by peers. */
export const SESSION_TYPES = {
  OpenIntent: [
    { name: 'payer', type: 'address' },
    { name: 'payee', type: 'address' },
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint256' },
    { name: 'challenge', type: 'uint24' },
    { name: 'qx', type: 'bytes32' },
    { name: 'qy', type: 'bytes32' },
    { name: 'salt', type: 'bytes32' },
    { name: 'deadline', type: 'uint64' },
  ],
  TopUp: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'newDeposit', type: 'uint256' },
    { name: 'deadline', type: 'uint64' },
  ],
  Voucher: [
    { name: 'channelId', type: 'bytes32' },
    { name: 'cumulative', type: 'uint256' },
    { name: 'tickRoot', type: 'bytes32' },
    { name: 'tickValue', type: 'uint256' },
    { name: 'maxTicks', type: 'uint32' },
  ],
  Hello: [
    { name: 'challenge', type: 'bytes32' },
    { name: 'serverPeerId', type: 'string' },
    { name: 'clientId', type: 'bytes' },
    { name: 'root', type: 'bytes' },
    { name: 'wallet', type: 'address' },
    { name: 'chainId', type: 'uint256' },
    { name: 'expiry', type: 'uint64' },
  ],
  KeyRequest: [
    { name: 'keeper', type: 'string' },
    { name: 'label', type: 'bytes32' },
    { name: 'deal', type: 'bytes32' },
    { name: 'wallet', type: 'address' },
    { name: 'ephemeralKey', type: 'bytes' },
    { name: 'nonce', type: 'bytes32' },
    { name: 'issuedAt', type: 'uint64' },
  ],
  ReplicationGrant: [
    { name: 'root', type: 'bytes' },
    { name: 'peerId', type: 'string' },
    { name: 'wallet', type: 'address' },
    { name: 'maxBytes', type: 'uint64' },
    { name: 'until', type: 'uint64' },
  ],
} as const

/** An order to lock `amount` of the payer's escrow for one payee; see `ISliceChannels.OpenIntent`. */
export type OpenIntent = {
  readonly payer: Address
  readonly payee: Address
  readonly token: Address
  readonly amount: bigint
  readonly challenge: number
  readonly session: SessionPublicKey
  readonly salt: Hex
  readonly deadline: bigint
}

/** An order to raise a channel's deposit to an absolute value. */
export type TopUp = { readonly channelId: Hex; readonly newDeposit: bigint; readonly deadline: bigint }

/** A cumulative promise, and the root of the hash chain that adds to it. */
export type Voucher = {
  readonly channelId: Hex
  readonly cumulative: bigint
  readonly tickRoot: Hex
  readonly tickValue: bigint
  readonly maxTicks: number
}

/** What a client says of itself to one server, on one connection, about one content. */
export type Hello = {
  readonly challenge: Hex
  readonly serverPeerId: string
  readonly clientId: Hex
  /** The root CID's bytes. */
  readonly root: Hex
  readonly wallet: Address
  readonly chainId: bigint
  readonly expiry: bigint
}

/** A request for one keeper's share; `label` is L, `deal` the hash of this keeper's part of the statement. */
export type KeyRequest = {
  readonly keeper: string
  readonly label: Hex
  readonly deal: Hex
  readonly wallet: Address
  readonly ephemeralKey: Hex
  readonly nonce: Hex
  readonly issuedAt: bigint
}

/** Signed by a session of the content's creator: this peer may fetch the content without paying. */
export type ReplicationGrant = {
  readonly root: Hex
  readonly peerId: string
  readonly wallet: Address
  readonly maxBytes: bigint
  readonly until: bigint
}

/** The chain and the SliceChannels contract under which a session signs. */
export type SessionDomain = { readonly chainId: number; readonly channels: Address }

/** The EIP-712 domain shared by everything a session signs. */
export function typedDataDomain({ chainId, channels }: SessionDomain): TypedDataDomain {
  return { name: 'Sluice', version: '1', chainId, verifyingContract: channels }
}

export function hashOpenIntent(domain: SessionDomain, { session, ...intent }: OpenIntent): Hex {
  return hashTypedData({
    domain: typedDataDomain(domain),
    types: SESSION_TYPES,
    primaryType: 'OpenIntent',
    message: { ...intent, qx: session.qx, qy: session.qy },
  })
}

export function hashTopUp(domain: SessionDomain, message: TopUp): Hex {
  return hashTypedData({ domain: typedDataDomain(domain), types: SESSION_TYPES, primaryType: 'TopUp', message })
}

export function hashVoucher(domain: SessionDomain, message: Voucher): Hex {
  return hashTypedData({ domain: typedDataDomain(domain), types: SESSION_TYPES, primaryType: 'Voucher', message })
}

export function hashHello(domain: SessionDomain, message: Hello): Hex {
  return hashTypedData({ domain: typedDataDomain(domain), types: SESSION_TYPES, primaryType: 'Hello', message })
}

export function hashKeyRequest(domain: SessionDomain, message: KeyRequest): Hex {
  return hashTypedData({ domain: typedDataDomain(domain), types: SESSION_TYPES, primaryType: 'KeyRequest', message })
}

export function hashReplicationGrant(domain: SessionDomain, message: ReplicationGrant): Hex {
  return hashTypedData({
    domain: typedDataDomain(domain),
    types: SESSION_TYPES,
    primaryType: 'ReplicationGrant',
    message,
  })
}
