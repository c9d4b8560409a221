import { Counter, Gauge, Registry } from 'prom-client'
import type { Rpc } from './chain/rpc.ts'
import type { FollowState } from './chain/follow.ts'
import type { Sync } from './chain/sync.ts'
import type { Host } from './host/index.ts'
import type { Store } from './storage/store.ts'

/** What the indexer is doing, in Prometheus's text format. Everything is read when it is asked for. */
export function createIndexMetrics(parts: {
  readonly store: Store
  readonly sync: Sync
  readonly host: Host
  readonly rpc: Rpc
  readonly following: FollowState
}): () => Promise<string> {
  const { store, sync, host, rpc, following } = parts
  const registry = new Registry()
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `subgraph_${name}`,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name: `subgraph_${name}_total`,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  gauge('head_block', 'The last block that is indexed', () => store.head()?.number ?? 0)
  gauge('chain_head_block', 'The last block of the chain', () => sync.chainHead() ?? 0)
  gauge('earliest_block', 'The first block that can be asked for', () => store.earliestBlock())
  gauge('failed', '1 while indexing does not go on', () => (following.failure() === undefined ? 0 : 1))
  gauge('memory_bytes', 'Resident memory of the process', () => process.memoryUsage.rss())
  counter('handlers', 'Handlers that have run since the start', host.handled)
  counter('reorgs', 'Reorganisations that were taken back since the start', sync.reorgs)
  counter('rpc_failures', 'Requests that an endpoint failed since the start', rpc.failures)
  return () => registry.metrics()
}
