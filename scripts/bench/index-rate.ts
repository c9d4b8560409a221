import type { Measurement } from './harness/measurement.ts'
import { EVENTS, missingCores, runRunner, startBenchChain } from './support/index-runs.ts'
import { peakMemory } from './support/process-memory.ts'

/**
 * How fast the runner indexes the contracts' subgraph over a chain that it has not seen: from when it serves, to when
 * its last event can be asked for, with what fetching takes; and the most memory that its process ever took.
 */
export const indexRate: Measurement = {
  names: ['index.rate', 'index.memory'],
  limitMs: 240_000,
  missing: missingCores,
  async run(bench) {
    const { seconds, pid } = await runRunner(bench, await startBenchChain(bench))
    const peak = await peakMemory(pid)
    return [
      { name: 'index.rate', value: EVENTS / seconds, unit: 'events/s' },
      { name: 'index.memory', value: peak / 2 ** 20, unit: 'MiB' },
    ]
  },
}
