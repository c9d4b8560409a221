import { pad, stringToHex, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { pick } from './world.ts'
import type { StoryEvent, StoryTransaction, World } from './world.ts'

const ACTIONS_PER_BATCH = 8
const BYTES_PER_ACTION = 388
const SECONDS_PER_DAY = 86_400
/** Parts of a whole: how often each is what a wallet does. */
const VIEWS = 0.5
const REACTIONS = 0.25
const FOLLOWS = 0.15

/** A node submits what several wallets' sessions have signed. */
export function act(world: World): StoryTransaction[] {
  const events = Array.from({ length: ACTIONS_PER_BATCH }, () => action(world))
  const input = world.calldata(68 + ACTIONS_PER_BATCH * BYTES_PER_ACTION)
  return [{ from: world.node(), to: 'social', input, events }]
}

function action(world: World): StoryEvent {
  const chance = world.random()
  if (chance < VIEWS) return view(world)
  if (chance < VIEWS + REACTIONS) return react(world)
  return chance < VIEWS + REACTIONS + FOLLOWS ? follow(world) : comment(world)
}

function view(world: World): StoryEvent {
  const { id, content } = pick(world.editions, world.random)
  const day = BigInt(Math.floor(world.now / SECONDS_PER_DAY))
  return social('Viewed', { wallet: world.wallet(), contentId: content.id, editionId: id, day })
}

function react(world: World): StoryEvent {
  const [wallet, contentId] = [world.wallet(), pick(world.contents, world.random).id]
  const key = `${wallet}${contentId}`
  const previous = world.reactions.get(key) ?? 0
  const kind = previous === 0 ? 1 + Math.floor(world.random() * 4) : 0
  world.reactions.set(key, kind)
  return social('Reacted', { wallet, contentId, kind, previous })
}

function follow(world: World): StoryEvent {
  const [wallet, target] = [world.wallet(), pick(world.contents, world.random).creator]
  const key = `${wallet}${target}`
  const follows = world.follows.delete(key)
  if (!follows) world.follows.add(key)
  return social(follows ? 'Unfollowed' : 'Followed', { wallet, target })
}

function comment(world: World): StoryEvent {
  const contentId = pick(world.contents, world.random).id
  return social('Commented', { wallet: world.wallet(), contentId, parent: zeroHash, digest: world.fresh() })
}

export function setHandle(world: World): StoryTransaction[] {
  const wallet = world.wallet()
  const handle: Hex = pad(stringToHex(`user-${world.fresh().slice(2, 10)}`), { size: 32, dir: 'right' })
  const events = [social('HandleSet', { wallet, handle, previous: zeroHash })]
  return [{ from: wallet, to: 'social', input: world.calldata(36), events }]
}

function social(name: string, args: StoryEvent['args']): StoryEvent {
  return { contract: 'social', name, args }
}
