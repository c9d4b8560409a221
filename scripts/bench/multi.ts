import type { Bench, Measurement, Result } from './harness/measurement.ts'
import { median, medianRatio, megabytesPerSecond } from './harness/statistics.ts'
import { startWorker } from './harness/worker.ts'
import { startSeeders } from './support/seeders.ts'
import { takeTurns } from './support/turns.ts'
import type { GathererCommands } from './workers/gatherer.ts'
import type { Shape } from './workers/shaped-channel.ts'

/** Long enough for a source that turns to be noticed: some ten seconds from one. */
const BYTES = 512 * 2 ** 20
const RUNS = 3
const LIMIT_MS = 1_200_000
/** Of each source, bytes per second. */
const RATE = 50e6
const ALL = [0, 1, 2, 3] as const
const FAULTS = ['slow', 'silent', 'corrupt'] as const

type Way = 'one' | 'three' | 'four' | (typeof FAULTS)[number]
const WAYS: readonly Way[] = ['one', 'three', 'four', ...FAULTS]
const SOURCES: Partial<Record<Way, readonly number[]>> = { one: [0], three: [0, 1, 2] }

/** Four sources of limited rate against one and three of them, and what it costs when the last of them fails half-way. */
export const multi: Measurement = {
  names: ['multi.four-sources', 'multi.one-source', ...FAULTS.map((fault) => `multi.${fault}`)],
  limitMs: LIMIT_MS,
  async run(bench) {
    const { bytes, times } = await runGatherings(bench)
    const rate = (way: Way) => megabytesPerSecond(bytes, median(times[way]))
    return [
      {
        name: 'multi.four-sources',
        value: rate('four'),
        unit: 'MB/s',
        peer: 'one of the four',
        ratio: medianRatio(times.one, times.four),
      },
      { name: 'multi.one-source', value: rate('one'), unit: 'MB/s' },
      ...FAULTS.map((fault): Result => ({
        name: `multi.${fault}`,
        value: median(times[fault]) / 1000,
        unit: 's',
        peer: 'the other three alone',
        ratio: medianRatio(times[fault], times.three),
      })),
    ]
  },
}

async function runGatherings(bench: Bench): Promise<{ bytes: number; times: Record<Way, number[]> }> {
  const { workers, infos } = await startSeeders(bench, ALL.length, BYTES)
  const gatherer = startWorker<GathererCommands>(bench, 'gatherer')
  await gatherer.call('connect', infos, await bench.directory(), { wallets: [0], over: 'libp2p' })
  const bytes = infos[0]?.content.leafBytes ?? 0
  const gather = async (way: Way): Promise<number> => {
    const shapes = ALL.map((at) => shapeOf(way, at, bytes))
    for (const [at, worker] of workers.entries()) await worker.call('shape', shapes[at] ?? {})
    await gatherer.call('meet', SOURCES[way] ?? ALL)
    const [milliseconds = NaN] = await gatherer.call('gather')
    return milliseconds
  }
  return { bytes, times: await takeTurns(RUNS, WAYS, gather) }
}

/** The last source turns when it has sent half of its share. */
function shapeOf(way: Way, source: number, bytes: number): Shape {
  const fault = FAULTS.find((name) => name === way)
  const isLast = source === ALL.length - 1
  if (fault === undefined || !isLast) return { rate: RATE }
  return { rate: RATE, turn: { after: bytes / ALL.length / 2, to: fault } }
}
