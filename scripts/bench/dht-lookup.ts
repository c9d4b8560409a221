import type { CID } from 'multiformats/cid'
import type { Host } from '../../node/src/net/index.ts'
import type { Measurement } from './harness/measurement.ts'
import { median, timed } from './harness/statistics.ts'
import { joinHost, randomCid } from './support/peers.ts'

/** More than the twenty that keep a record, so that not everybody has it. */
const HOSTS = 24
const RUNS = 30

/** How long a node that has just joined takes to learn of a provider through Kademlia alone. */
export const dhtLookup: Measurement = {
  names: ['dht.lookup'],
  async run(bench) {
    const { signal } = bench
    const first = await joinHost(bench)
    const holder = await joinHost(bench, first)
    for (let count = 2; count < HOSTS; count += 1) await joinHost(bench, first)
    const cids = await Promise.all(Array.from({ length: RUNS }, randomCid))
    for (const cid of cids) {
      for await (const event of holder.services.dht.provide(cid, { signal })) void event
    }
    const seeker = await joinHost(bench, first)
    const times: number[] = []
    for (const cid of cids) times.push(await timed(() => findFirst(seeker, cid, signal)))
    return [{ name: 'dht.lookup', value: median(times), unit: 'ms' }]
  },
}

async function findFirst(seeker: Host, cid: CID, signal: AbortSignal): Promise<void> {
  for await (const event of seeker.services.dht.findProviders(cid, { signal })) {
    if (event.name === 'PROVIDER' && event.providers.length > 0) return
  }
  throw new Error('the record was not found')
}
