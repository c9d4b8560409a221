import { randomBytes } from 'node:crypto'
import type { Measurement } from './harness/measurement.ts'
import { median, timed } from './harness/statistics.ts'
import { apiOf, startNetwork } from './support/dev-network.ts'
import { downloadAll } from './support/download.ts'
import { publishBytes } from './support/open-content.ts'

const SIZES = { '1mb': 1_000_000, '10mb': 10_000_000 } as const
const RUNS = 7

/** Open content from a file to a CID on one node, and from the CID to all of its bytes through another. */
export const openContent: Measurement = {
  names: ['upload.1mb', 'download.1mb', 'upload.10mb', 'download.10mb'],
  async run(bench) {
    const { signal } = bench
    const network = await startNetwork(bench)
    const [creator, consumer] = [apiOf(network, 'creator'), apiOf(network, 'consumer')]

    async function measure(label: string, size: number) {
      const [ups, downs]: [number[], number[]] = [[], []]
      for (let run = 0; run <= RUNS; run += 1) {
        let root = ''
        const bytes = new Uint8Array(randomBytes(size))
        const up = await timed(async () => (root = await publishBytes(creator, bytes, signal)))
        const down = await timed(() => downloadAll(consumer, { content: root }, signal))
        // The first run warms up.
        if (run === 0) continue
        ups.push(up)
        downs.push(down)
      }
      return [
        { name: `upload.${label}`, value: median(ups), unit: 'ms' },
        { name: `download.${label}`, value: median(downs), unit: 'ms' },
      ]
    }
    return [...(await measure('1mb', SIZES['1mb'])), ...(await measure('10mb', SIZES['10mb']))]
  },
}
