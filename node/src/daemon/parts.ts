import type { Network, PenaltyBook } from '@sluice/sdk/client'
import type { NodeChain } from '../chain/index.ts'
import type { NodeConfig } from '../config.ts'
import type { Discovery } from '../discovery/index.ts'
import type { NodeKeys } from '../keystore/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Log } from '../log.ts'
import type { Host } from '../net/index.ts'
import type { GrantProtocol } from '../protocols/grant/index.ts'
import type { Store } from '../store/index.ts'
import type { Torrents } from '../torrent/index.ts'

/** The running parts of a node: what the runners of jobs build on. */
export type DaemonParts = {
  readonly config: NodeConfig
  readonly log: Log
  readonly keys: NodeKeys
  readonly store: Store
  readonly ledger: Ledger
  /** What sources did, over all contents. */
  readonly penalties: PenaltyBook
  readonly chain: NodeChain
  readonly host: Host
  readonly discovery: Discovery
  readonly grants: GrantProtocol
  /** The sdk's network over this node's libp2p. */
  readonly network: Network
  /** The torrents' swarms, where they are turned on. */
  readonly torrents?: Torrents
}
