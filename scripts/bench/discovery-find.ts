import { randomBytes } from 'node:crypto'
import { createHttpNetwork } from '@sluice/sdk/client'
import type { Provider } from '@sluice/sdk/client'
import { parseCid } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import type { Measurement } from './harness/measurement.ts'
import { quantile, timedRuns } from './harness/statistics.ts'
import { apiOf, startNetwork } from './support/dev-network.ts'
import { publishBytes } from './support/open-content.ts'

const CONTENTS = 10
const RUNS = 100

/** Four nodes, one of which holds each content: how long another answers a page that asks who does. */
export const discoveryFind: Measurement = {
  names: ['discovery.find.p95', 'discovery.find.p50'],
  async run(bench) {
    const { signal } = bench
    const network = await startNetwork(bench)
    const creator = apiOf(network, 'creator')
    const roots: CID[] = []
    while (roots.length < CONTENTS) {
      roots.push(parseCid(await publishBytes(creator, new Uint8Array(randomBytes(1000)), signal)))
    }
    const page = createHttpNetwork({ origin: network.node('consumer').node.publicUrl })
    const holder = network.node('creator').node.peerId
    const times = await timedRuns(RUNS, async (run) => {
      const root = roots[run % CONTENTS]
      const found = root === undefined ? [] : await peersOf(page.findProviders(root, { signal }))
      if (!found.includes(holder)) throw new Error('the holder was not found')
    })
    return [
      { name: 'discovery.find.p95', value: quantile(times, 0.95), unit: 'ms' },
      { name: 'discovery.find.p50', value: quantile(times, 0.5), unit: 'ms' },
    ]
  },
}

async function peersOf(providers: AsyncIterable<Provider>): Promise<string[]> {
  const peers: string[] = []
  for await (const { peerId } of providers) peers.push(peerId)
  return peers
}
