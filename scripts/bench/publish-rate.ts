import { openStore } from '../../node/src/store/index.ts'
import { sealContent } from '../../sdk/src/content/index.ts'
import type { Measurement } from './harness/measurement.ts'
import { timed } from './harness/statistics.ts'
import { compareRates, rateOf } from './support/rates.ts'
import { sealIntoStore, source } from './support/sealed-content.ts'

const BYTES = 256 * 2 ** 20
const RUNS = 3

/** Sealing and hashing into the node's store, durable and verified there, against sealing and hashing alone. */
export const publishRate: Measurement = {
  names: ['publish.rate', 'publish.rate.sealing'],
  async run(bench) {
    const store = await openStore({ directory: await bench.directory(), quotaBytes: 2 ** 40, reserveBytes: 0 })
    bench.cleanup(() => store.close())
    const [stored, sealed]: [number[], number[]] = [[], []]
    for (let run = 0; run <= RUNS; run += 1) {
      const sealing = await timed(sealOnly)
      const storing = await timed(async () => sealIntoStore(store, BYTES))
      for (const { root } of store.list()) await store.remove(root)
      // The first run warms up.
      if (run === 0) continue
      sealed.push(sealing)
      stored.push(storing)
    }
    return [
      compareRates('publish.rate', BYTES, stored, { peer: 'sealing and hashing alone', times: sealed }),
      rateOf('publish.rate.sealing', BYTES, sealed),
    ]
  },
}

async function sealOnly(): Promise<void> {
  const nothing = () => Promise.resolve()
  await sealContent({ source: source(BYTES), byteSize: BYTES, onSlice: nothing, onBlock: nothing })
}
