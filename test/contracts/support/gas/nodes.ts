import { addStake, deregisterNode, requestUnstake, unstake } from '../../../../sdk/src/chain/index.ts'
import { networkHelpers } from '../fixture.ts'
import { makeNode, peerIdOf, WEEK } from '../nodes.ts'
import type { Meter } from './meter.ts'
import { word } from './world.ts'
import type { GasWorld } from './world.ts'

const STAKE = 10n ** 18n

/** A keeper's life: registered, moved to another endpoint, a second key, a stake in and out. */
export async function measureNodes(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, nodes, creator } = world
  const account = creator.account
  const node = makeNode({ peerId: peerIdOf(word('peer')), certificate: word('certificate') })
  const setKey = (name: string) =>
    nodes.write.setKeeperKey([word(name), word('challenge'), word('response')], { account })

  await meter.record('node.register', nodes.write.register([node], { account }))
  const moved = { ...node, endpoint: 'https://new.node.example:8443' }
  await meter.record('node.update', nodes.write.register([moved], { account }))
  await meter.record('node.setKeeperKey', setKey('first'))
  await meter.record('node.setKeeperKey.next', setKey('second'))
  await meter.record('node.addStake', addStake(creator, { contracts, amount: STAKE }))
  await meter.record('node.requestUnstake', requestUnstake(creator, { contracts, amount: STAKE / 2n }))
  await networkHelpers.time.increase(WEEK)
  await meter.record('node.unstake', unstake(creator, { contracts }))
  await meter.record('node.deregister', deregisterNode(creator, { contracts }))
}
