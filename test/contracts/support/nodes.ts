import type { Hex } from 'viem'
import { randomHex } from './channels.ts'
import type { Sluice } from './fixture.ts'

/** The bits of a node's roles. */
export const Role = { Seeder: 1, Keeper: 2, Bootstrap: 4, Relay: 8 } as const

/** How the multihash of a peer id with an Ed25519 key begins. */
const ED25519 = '0x002408011220'

export const DAY = 86_400n
export const WEEK = 7n * DAY

type Account = Sluice['creator']['account']

/** The id of a peer with this public key, in binary. */
export function peerIdOf(publicKey: Hex): Hex {
  return `${ED25519}${publicKey.slice(2)}`
}

/** A registration with a peer id as long as real ones. */
export function makeNode(change: Partial<{ peerId: Hex; roles: number; endpoint: string; certificate: Hex }> = {}) {
  const peerId = peerIdOf(randomHex())
  const certificate = randomHex()
  return { peerId, roles: Role.Seeder | Role.Keeper, endpoint: 'https://node.example:8443', certificate, ...change }
}

/** Registers a node for the account, and returns what was registered. */
export async function register({ nodes }: Sluice, account: Account, change: Parameters<typeof makeNode>[0] = {}) {
  const node = makeNode(change)
  return { node, hash: await nodes.write.register([node], { account }) }
}

/** A keeper's key with a proof that nobody checks. */
export function makeKey(): readonly [key: Hex, challenge: Hex, response: Hex] {
  return [randomHex(), randomHex(), randomHex()]
}
