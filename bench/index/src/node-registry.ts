import { ponder } from 'ponder:registry'
import { node } from '../ponder.schema.ts'
import { timeOf } from './occurrence.ts'
import { nameAccount } from './store/account.ts'
import { count } from './store/network.ts'

const SEEDER = 1
const KEEPER = 2
const BOOTSTRAP = 4
const RELAY = 8

ponder.on('NodeRegistry:NodeRegistered', async ({ event, context }) => {
  const { owner: id, roles, peerId, endpoint, certificate } = event.args
  const now = timeOf(event)
  const said = {
    peerId,
    endpoint,
    certificate,
    roles,
    isSeeder: (roles & SEEDER) !== 0,
    isKeeper: (roles & KEEPER) !== 0,
    isBootstrap: (roles & BOOTSTRAP) !== 0,
    isRelay: (roles & RELAY) !== 0,
    updatedAt: now,
  }
  await nameAccount(context, id, event)
  if ((await context.db.find(node, { id })) !== null) {
    await context.db.update(node, { id }).set(said)
    return
  }
  const stake = { stake: 0n, leaving: 0n, stakeAvailableAt: 0, stakeExpiresAt: 0 }
  const fresh = { owner: id, registeredAt: now, keeperKeyCount: 0, keeperKey: null, ...stake }
  await context.db.insert(node).values({ id, ...fresh, ...said })
  await count(context, event, { nodes: 1 }, { newNodes: 1 })
})

ponder.on('NodeRegistry:StakeAdded', async ({ event, context }) => {
  await context.db.update(node, { id: event.args.owner }).set({ stake: event.args.stake })
})
