import { hexToBytes, zeroHash } from 'viem'
import type { Address, ContractFunctionReturnType, Hex } from 'viem'
import { verifyKeeperRegistration } from '../key/keeper-registration.ts'
import type { KeeperProof } from '../key/keeper-registration.ts'
import { peerIdFromBytes } from '../wire/peer-id.ts'
import type { nodeRegistryAbi } from './generated/node-registry.ts'

/** What a node does for others, in the order of the registry's bits. */
export const NODE_ROLES = ['seeder', 'keeper', 'bootstrap', 'relay'] as const
export type NodeRole = (typeof NODE_ROLES)[number]

/**
 * Why a node that calls itself a keeper is none: it never set a key, changed its peer id since, or the key's proof does not
 * hold, so that the key may be made from others' keys.
 */
export type KeeperFault = 'no-key' | 'other-peer' | 'proof-invalid'

/** A keeper's key as registered. */
export type RegisteredKey = {
  /** `x·G` by RFC 9496. */
  readonly publicKey: Hex
  readonly proof: KeeperProof
  /** Whether the proof holds, for the peer that it names. */
  readonly proven: boolean
  /** The peer that the proof names, as text; missing where the bytes are no peer id. */
  readonly peerId?: string
  /** Unix seconds from which it holds. */
  readonly since: bigint
}

/** What an owner has at stake, in base units of the native coin. Nothing is slashed. */
export type NodeStake = {
  readonly amount: bigint
  /** What an announced exit may not take out. */
  readonly firm: bigint
  /** The exit that waits: paid from `availableAt` until before `expiresAt`, unix seconds. */
  readonly exit?: { readonly amount: bigint; readonly availableAt: bigint; readonly expiresAt: bigint }
}

/**
 * A node as its owner describes it. Nobody has checked that the peer id, the endpoint or the certificate are the owner's: ask the
 * peer itself. Texts come from strangers.
 */
export type RegisteredNode = {
  readonly owner: Address
  /** libp2p peer id, as text; missing where the bytes are none. */
  readonly peerId?: string
  /** The same as registered. */
  readonly peerIdBytes: Hex
  /** Empty once deregistered. */
  readonly roles: readonly NodeRole[]
  readonly endpoint: string
  /** sha2-256 of its TLS certificate; missing when it named none. */
  readonly certificate?: Hex
  /** Unix seconds. */
  readonly registeredAt: bigint
  readonly updatedAt: bigint
  readonly stake: NodeStake
  /** The key in force of a keeper whose proof holds; a keeper has this or a fault, others neither. */
  readonly keeperKey?: RegisteredKey
  readonly keeperFault?: KeeperFault
}

/** The registry whose records are read. */
export type RegistryPlace = { readonly chainId: number; readonly registry: Address }

type Stored = ContractFunctionReturnType<typeof nodeRegistryAbi, 'view', 'nodeOf'>
type StoredKey = Stored['keeperKey']

/** Roles as the registry's bit mask. */
export function encodeRoles(roles: readonly NodeRole[]): number {
  return NODE_ROLES.reduce((mask, role, bit) => (roles.includes(role) ? mask | (1 << bit) : mask), 0)
}

/** The registry's bit mask as roles; bits without a name are left out. */
function decodeRoles(mask: number): NodeRole[] {
  return NODE_ROLES.filter((_, bit) => (mask & (1 << bit)) !== 0)
}

/** A record of the registry with its names, and with the keeper's proof checked. */
export function toRegisteredNode(place: RegistryPlace, stored: Stored): RegisteredNode {
  const { owner, node, registeredAt, updatedAt } = stored
  return {
    owner,
    ...peerIdOf(node.peerId),
    peerIdBytes: node.peerId,
    roles: decodeRoles(node.roles),
    endpoint: node.endpoint,
    ...(node.certificate === zeroHash ? {} : { certificate: node.certificate }),
    registeredAt,
    updatedAt,
    stake: toNodeStake(stored.stake),
    ...keeperOf(place, stored),
  }
}

/** A key of the registry, with its proof checked for the peer that it names. */
export function toRegisteredKey(
  { chainId, registry }: RegistryPlace,
  owner: Address,
  stored: StoredKey,
): RegisteredKey {
  const { key: publicKey, challenge, response, since, peerId } = stored
  const proof = { challenge, response }
  const proven = verifyKeeperRegistration({ chainId, registry, owner, peerId, publicKey }, proof)
  return { publicKey, proof, proven, ...peerIdOf(peerId), since }
}

function keeperOf(place: RegistryPlace, stored: Stored): Pick<RegisteredNode, 'keeperKey' | 'keeperFault'> {
  const { owner, node, keeperKey } = stored
  if (!decodeRoles(node.roles).includes('keeper')) return {}
  if (stored.keeperKeyCount === 0n) return { keeperFault: 'no-key' }
  if (keeperKey.peerId !== node.peerId) return { keeperFault: 'other-peer' }
  const key = toRegisteredKey(place, owner, keeperKey)
  return key.proven ? { keeperKey: key } : { keeperFault: 'proof-invalid' }
}

function toNodeStake({ amount, leaving, availableAt, expiresAt }: Stored['stake']): NodeStake {
  const firm = amount - leaving
  return leaving === 0n ? { amount, firm } : { amount, firm, exit: { amount: leaving, availableAt, expiresAt } }
}

function peerIdOf(bytes: Hex): { peerId?: string } {
  const peerId = peerIdFromBytes(hexToBytes(bytes))
  return peerId === undefined ? {} : { peerId }
}
