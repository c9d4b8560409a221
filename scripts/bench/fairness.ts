import type { Measurement } from './harness/measurement.ts'
import { median, megabytesPerSecond } from './harness/statistics.ts'
import { startWorker } from './harness/worker.ts'
import { watchMemory } from './support/process-memory.ts'
import { startSeeders } from './support/seeders.ts'
import type { GathererCommands } from './workers/gatherer.ts'

const CONSUMERS = 200
const PROCESSES = 4
/** Each fetches all of it: 64 slices. */
const BYTES = 16 * 2 ** 20
const LIMIT_MS = 600_000
const MIB = 2 ** 20

/** Everyone at once from one seeder: how much longer the last waits than the first, and what that takes of the seeder. */
export const fairness: Measurement = {
  names: ['fairness.200', 'fairness.200.median', 'fairness.200.rate', 'fairness.200.memory'],
  limitMs: LIMIT_MS,
  async run(bench) {
    const { workers, infos } = await startSeeders(bench, 1, BYTES)
    const gatherers = Array.from({ length: PROCESSES }, () => startWorker<GathererCommands>(bench, 'gatherer'))
    const each = CONSUMERS / PROCESSES
    for (const [at, gatherer] of gatherers.entries()) {
      const wallets = Array.from({ length: each }, (_, offset) => at * each + offset)
      await gatherer.call('connect', infos, await bench.directory(), { wallets, over: 'ws' })
      await gatherer.call('meet', [0])
    }
    const memory = await watchMemory(workers[0]?.pid ?? 0)
    const times = (await Promise.all(gatherers.map((gatherer) => gatherer.call('gather')))).flat()
    const [slowest, fastest] = [Math.max(...times), Math.min(...times)]
    const bytes = CONSUMERS * (infos[0]?.content.leafBytes ?? 0)
    return [
      { name: 'fairness.200', value: slowest / 1000, unit: 's', peer: 'the fastest of 200', ratio: slowest / fastest },
      { name: 'fairness.200.median', value: median(times) / 1000, unit: 's' },
      { name: 'fairness.200.rate', value: megabytesPerSecond(bytes, slowest), unit: 'MB/s' },
      { name: 'fairness.200.memory', value: (await memory.peak()) / MIB, unit: 'MiB' },
    ]
  },
}
