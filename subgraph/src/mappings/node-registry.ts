import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import {
  KeeperKeySet,
  NodeDeregistered,
  NodeRegistered,
  StakeAdded,
  Unstaked,
  UnstakeRequested,
} from '../../generated/NodeRegistry/NodeRegistry'
import { KeeperKey, Node } from '../../generated/schema'
import { indexedId } from '../ids'
import { accountId } from '../store/account'
import { loadNetwork, loadNetworkDay } from '../store/network'
import { timeOf } from '../time'

const SEEDER = 1
const KEEPER = 2
const BOOTSTRAP = 4
const RELAY = 8

export function handleNodeRegistered(event: NodeRegistered): void {
  let node = Node.load(event.params.owner)
  if (node === null) node = createNode(event.params.owner, event)
  node.peerId = event.params.peerId
  node.endpoint = event.params.endpoint
  node.certificate = event.params.certificate
  setRoles(node, event.params.roles)
  node.updatedAt = timeOf(event)
  node.save()
}

function createNode(owner: Bytes, event: ethereum.Event): Node {
  const node = new Node(owner)
  node.owner = accountId(owner, event)
  node.registeredAt = timeOf(event)
  node.keeperKeyCount = 0
  node.stake = BigInt.zero()
  setLeaving(node, BigInt.zero(), 0, 0)

  const network = loadNetwork()
  network.nodes += 1
  network.save()
  const today = loadNetworkDay(event)
  today.newNodes += 1
  today.save()
  return node
}

function setRoles(node: Node, roles: i32): void {
  node.roles = roles
  node.isSeeder = (roles & SEEDER) != 0
  node.isKeeper = (roles & KEEPER) != 0
  node.isBootstrap = (roles & BOOTSTRAP) != 0
  node.isRelay = (roles & RELAY) != 0
}

function setLeaving(node: Node, amount: BigInt, availableAt: i64, expiresAt: i64): void {
  node.leaving = amount
  node.stakeAvailableAt = availableAt
  node.stakeExpiresAt = expiresAt
}

export function handleNodeDeregistered(event: NodeDeregistered): void {
  const node = Node.load(event.params.owner)!
  setRoles(node, 0)
  node.updatedAt = timeOf(event)
  node.save()
}

export function handleKeeperKeySet(event: KeeperKeySet): void {
  const node = Node.load(event.params.owner)!
  const index = event.params.index.toI32()
  const key = new KeeperKey(indexedId(node.id, index))
  key.node = node.id
  key.index = index
  key.key = event.params.key
  key.challenge = event.params.challenge
  key.response = event.params.response
  key.peerId = node.peerId
  key.since = timeOf(event)
  key.save()

  node.keeperKey = key.id
  node.keeperKeyCount = index + 1
  node.save()
}

export function handleStakeAdded(event: StakeAdded): void {
  const node = Node.load(event.params.owner)!
  node.stake = event.params.stake
  node.save()
}

export function handleUnstakeRequested(event: UnstakeRequested): void {
  const node = Node.load(event.params.owner)!
  setLeaving(node, event.params.amount, event.params.availableAt.toI64(), event.params.expiresAt.toI64())
  node.save()
}

export function handleUnstaked(event: Unstaked): void {
  const node = Node.load(event.params.owner)!
  node.stake = event.params.stake
  setLeaving(node, BigInt.zero(), 0, 0)
  node.save()
}
