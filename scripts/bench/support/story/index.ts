import type { Address } from 'viem'
import { claim, claimBatch, close, fund, open, registerNodes } from './channels.ts'
import { buy, buyOffered, offer, publish, publishVersion, withdraw } from './keys.ts'
import { act, setHandle } from './social.ts'
import { createWorld } from './world.ts'
import type { StoryTransaction, World } from './world.ts'

export type { StoryEvent, StoryTransaction } from './world.ts'

type Deed = (world: World, market: Address) => StoryTransaction[]

/**
 * What happens how often. Of the events that follow some 42 in a hundred are views, reactions, follows and comments, 30
 * are keys sold, 18 are money in escrow and channels, 6 are contents, versions and editions, 3 are resales.
 */
const DEEDS: readonly (readonly [number, Deed])[] = [
  [14, buy],
  [5, act],
  [5, open],
  [3, fund],
  [3, claim],
  [2, claimBatch],
  [2, close],
  [2, publish],
  [1, setHandle],
  [1, offer],
  [0.7, buyOffered],
  [0.5, publishVersion],
  [0.5, withdraw],
]
const FIRST_CONTENTS = 50

/**
 * What the contracts would say of a marketplace that is used: transactions with their events, in an order that the
 * contracts allow, the same on every run. `setTime` says when what follows happens, in unix seconds.
 */
export function createStory(seed: number, market: Address) {
  const world = createWorld(seed)
  const total = DEEDS.reduce((sum, [weight]) => sum + weight, 0)
  const waiting = registerNodes(world)
  for (let count = 0; count < FIRST_CONTENTS; count += 1) waiting.push(...publish(world))
  function choose(): Deed {
    let left = world.random() * total
    return DEEDS.find(([weight]) => (left -= weight) < 0)?.[1] ?? act
  }
  return {
    setTime: (seconds: number): void => {
      world.now = seconds
    },
    next: (): StoryTransaction => {
      for (;;) {
        const transaction = waiting.shift()
        if (transaction !== undefined) return transaction
        waiting.push(...choose()(world, market))
      }
    },
  }
}
