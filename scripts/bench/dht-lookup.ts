import { setTimeout as delay } from 'node:timers/promises'
import type { CID } from 'multiformats/cid'
import type { Host } from '../../node/src/net/index.ts'
import type { Measurement } from './harness/measurement.ts'
import { median, timed } from './harness/statistics.ts'
import { joinHost, randomCid } from './support/peers.ts'

/** More than the twenty that keep a record, so that not everybody has it. */
const HOSTS = 24
const RUNS = 30
const RETRY_MS = 50

/** How long a node that has just joined takes to learn of a provider through Kademlia alone. */
export const dhtLookup: Measurement = {
  names: ['dht.lookup'],
  async run(bench) {
    const { signal } = bench
    const first = await joinHost(bench)
    const holder = await joinHost(bench, first)
    for (let count = 2; count < HOSTS; count += 1) await joinHost(bench, first)
    const cids = await Promise.all(Array.from({ length: RUNS }, randomCid))
    for (const cid of cids) await provide(holder, cid, signal)
    const seeker = await joinHost(bench, first)
    const [warmUp, ...measured] = cids
    // Its first peer enters its table some moments after the connection stands.
    while (warmUp !== undefined && !(await isFound(seeker, warmUp, signal)))
      await delay(RETRY_MS, undefined, { signal })
    const times: number[] = []
    for (const cid of measured) {
      times.push(
        await timed(async () => {
          if (!(await isFound(seeker, cid, signal))) throw new Error('a record was not found')
        }),
      )
    }
    return [{ name: 'dht.lookup', value: median(times), unit: 'ms' }]
  },
}

async function provide(holder: Host, cid: CID, signal: AbortSignal): Promise<void> {
  const events = holder.services.dht.provide(cid, { signal })[Symbol.asyncIterator]()
  while ((await events.next()).done !== true);
}

async function isFound(seeker: Host, cid: CID, signal: AbortSignal): Promise<boolean> {
  for await (const event of seeker.services.dht.findProviders(cid, { signal })) {
    if (event.name === 'PROVIDER' && event.providers.length > 0) return true
  }
  return false
}
