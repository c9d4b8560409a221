import { isDeepStrictEqual } from 'node:util'
import type { Digest } from '../../bench/index/digest.ts'
import type { Bench, Measurement } from './harness/measurement.ts'
import { median, medianRatio } from './harness/statistics.ts'
import { EVENTS, missingCores, runRunner, startBenchChain } from './support/index-runs.ts'
import type { BenchChain } from './support/index-runs.ts'
import { missingPonder, ponderName, runPonder } from './support/ponder.ts'
import { digestsOfRunner } from './support/runner-digests.ts'

const RUNS = 2

type Digests = Readonly<Record<string, Digest>>

/**
 * The runner against Ponder: the same events from the same server, all of an indexer on one core, in turn, each time
 * into a database that is new. Both have to end with the same rows, or there is no result.
 */
export const indexVsPonder: Measurement = {
  names: ['index.vs.ponder', 'index.vs.rate.ponder'],
  limitMs: 480_000,
  missing: () => missingCores() ?? missingPonder(),
  async run(bench) {
    const chain = await startBenchChain(bench)
    const ours: number[] = []
    const theirs: number[] = []
    for (let run = 0; run < RUNS; run += 1) {
      const runner = await indexWithRunner(bench, chain)
      const ponder = await runPonder(bench, chain)
      requireSameRows(runner.digests, ponder.digests)
      ours.push(EVENTS / runner.seconds)
      theirs.push(EVENTS / ponder.seconds)
    }
    const compared = { peer: await ponderName(), ratio: medianRatio(ours, theirs) }
    return [
      { name: 'index.vs.ponder', value: median(ours), unit: 'events/s', ...compared },
      { name: 'index.vs.rate.ponder', value: median(theirs), unit: 'events/s' },
    ]
  },
}

async function indexWithRunner(bench: Bench, chain: BenchChain): Promise<{ seconds: number; digests: Digests }> {
  const { seconds, database, stop } = await runRunner(bench, chain)
  await stop()
  return { seconds, digests: await digestsOfRunner(database) }
}

/** @throws with what each has of every entity that they do not agree on */
function requireSameRows(ours: Digests, theirs: Digests): void {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)])
  const different = [...names].filter((name) => !isDeepStrictEqual(ours[name], theirs[name]))
  if (different.length === 0) return
  const lines = different.map(
    (name) => `${name}: ${JSON.stringify(ours[name])} here, ${JSON.stringify(theirs[name])} there`,
  )
  throw new Error(`The runner and Ponder did not write the same:\n${lines.join('\n')}`)
}
