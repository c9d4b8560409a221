import type { Registry } from 'prom-client'
import type { Hex } from 'viem'
import type { Replication } from '../daemon/keep-replicas.ts'
import type { Jobs } from '../jobs/types.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/index.ts'
import type { Accounting } from './accounting.ts'
import type { ContentSummary, Health, NodeStatus, PeerSummary } from './types.ts'

/** What the admin API needs of a node; each route takes its part. */
export type ApiComponents = {
  readonly store: Store
  /** How a content is found by torrent clients; left out while the node is in no swarm. */
  readonly describeTorrent?: (root: string) => ContentSummary['torrent']
  /** Left out, the node neither seeds nor downloads on request. */
  readonly jobs?: Jobs
  readonly accounting: Accounting
  readonly replication: Pick<Replication, 'set' | 'found'>
  /** Throws unless the chain knows this version of the content under this manifest. */
  readonly checkRegistration: (manifestCid: string, contentId: Hex, version: number) => Promise<void>
  readonly status: () => NodeStatus
  readonly peers: () => Promise<PeerSummary[]>
  readonly health: () => Health
  readonly metrics: Registry
  readonly log: Log
}
