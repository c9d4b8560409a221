import { setTimeout as delay } from 'node:timers/promises'
import type { Measurement } from './harness/measurement.ts'
import { median } from './harness/statistics.ts'
import { startNetwork } from './support/dev-network.ts'
import { residentMemory } from './support/process-memory.ts'

const SAMPLES = 10
const INTERVAL_MS = 1000

/** A seeder and keeper that has its peers, holds nothing and is asked for nothing. */
export const memoryIdle: Measurement = {
  names: ['memory.idle'],
  async run(bench) {
    const network = await startNetwork(bench)
    const { pid } = network.node('seeder-1').node
    const samples: number[] = []
    while (samples.length < SAMPLES) {
      await delay(INTERVAL_MS, undefined, { signal: bench.signal })
      samples.push(await residentMemory(pid))
    }
    return [{ name: 'memory.idle', value: median(samples) / 2 ** 20, unit: 'MiB' }]
  },
}
