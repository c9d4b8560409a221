import { readSnapshot } from '../../test/contracts/support/gas/snapshot.ts'
import type { Measurement } from './harness/measurement.ts'

const TICKS = 256

/** Gas of whole transactions on Hardhat's chain in this process: what the contracts' tests measure for the snapshot. */
export const gas: Measurement = {
  names: [...Object.keys(readSnapshot()), 'claim.perTick'].map((name) => `gas.${name}`),
  async run() {
    // Importing it starts a chain, which other measurements do without.
    const { measureGas } = await import('../../test/contracts/support/gas/index.ts')
    const table = await measureGas()
    const perTick = ((table['claim.ticks256'] ?? NaN) - (table['claim.single'] ?? NaN)) / TICKS
    return Object.entries({ ...table, 'claim.perTick': perTick }).map(([name, value]) => ({
      name: `gas.${name}`,
      value,
      unit: 'gas',
    }))
  },
}
