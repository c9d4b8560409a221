import { networkHelpers } from '../fixture.ts'
import { measureBatches, measureChannel, measureEscrow, measureTokenChannel } from './channels.ts'
import { measureKeys } from './keys.ts'
import { measureMarket } from './market.ts'
import { createMeter } from './meter.ts'
import type { GasTable, Meter } from './meter.ts'
import { measureNodes } from './nodes.ts'
import { measureSocial } from './social.ts'
import { deployGasWorld } from './world.ts'
import type { GasWorld } from './world.ts'

export { luckOf } from './meter.ts'
export type { GasTable } from './meter.ts'

/** Each starts from fresh contracts, so that a new one changes no other's numbers. */
const SCENARIOS: readonly ((world: GasWorld, meter: Meter) => Promise<void>)[] = [
  measureKeys,
  measureMarket,
  measureEscrow,
  measureChannel,
  measureTokenChannel,
  measureBatches,
  measureNodes,
  measureSocial,
]

/** Gas of everything that a user does, the same on every run and machine. */
export async function measureGas(): Promise<GasTable> {
  const tables: GasTable[] = []
  for (const scenario of SCENARIOS) {
    const world = await networkHelpers.loadFixture(deployGasWorld)
    const meter = createMeter(world.client)
    await scenario(world, meter)
    tables.push(meter.table)
  }
  return Object.assign({}, ...tables) as GasTable
}
