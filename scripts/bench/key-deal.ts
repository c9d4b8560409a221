import { dealLockbox } from '../../sdk/src/key/index.ts'
import { CONTEXT, makeKeepers, publicPart, WHOLE } from '../../sdk/src/key/fixtures.ts'
import type { Measurement } from './harness/measurement.ts'
import { median, timedRuns } from './harness/statistics.ts'

const RUNS = 20
const KEEPERS = 3
const THRESHOLD = 2

/** Dealing an edition's lockbox to three keepers of which two open it. */
export const keyDeal: Measurement = {
  names: ['key.deal'],
  async run() {
    const keepers = makeKeepers(KEEPERS).map(publicPart)
    const options = { context: CONTEXT, keepers, threshold: THRESHOLD, payload: WHOLE }
    const times = await timedRuns(RUNS, () => dealLockbox(options))
    return [{ name: 'key.deal', value: median(times), unit: 'ms' }]
  },
}
