import type { NodeStatus, PeerSummary } from '../api/types.ts'
import type { NodeChain } from '../chain/index.ts'
import type { NodeConfig } from '../config.ts'
import type { NodeKeys } from '../keystore/index.ts'
import type { Host } from '../net/index.ts'
import type { Store } from '../store/index.ts'
import type { Torrents } from '../torrent/index.ts'
import { VERSION } from '../version.ts'

export type StatusOptions = {
  readonly config: NodeConfig
  readonly keys: NodeKeys
  readonly store: Store
  readonly chain: NodeChain
  readonly host: Host
  readonly publicUrl: string
  readonly keeperKey: `0x${string}` | undefined
  readonly torrents?: Torrents
}

/** A node at a glance; asks nobody. */
export function describeStatus(options: StatusOptions): NodeStatus {
  const { config, keys, store, chain, host, publicUrl, keeperKey, torrents } = options
  const { chainId, rpcUrl, contracts } = config.chain
  return {
    name: config.name,
    version: VERSION,
    peerId: host.peerId.toString(),
    multiaddrs: host.getMultiaddrs().map(String),
    publicUrl,
    chainId,
    rpcUrl,
    ...(config.indexUrl === undefined ? {} : { indexUrl: config.indexUrl }),
    contracts,
    wallet: keys.operator.address,
    session: keys.session.publicKey,
    roles: config.roles,
    ...(keeperKey === undefined ? {} : { keeper: { publicKey: keeperKey } }),
    price: { token: config.price.token, amount: config.price.amount.toString() },
    ...(torrents === undefined ? {} : { torrent: { address: torrents.address, trackers: torrents.trackers } }),
    peers: host.getPeers().length,
    contents: store.list().length,
    storage: { used: store.usedBytes(), quota: config.storage.quotaBytes },
    head: Number(chain.watcher.head()),
    chainHealthy: chain.watcher.healthy(),
  }
}

const MAX_PEERS = 500

/** The peers that are connected now. */
export async function describePeers(host: Host): Promise<PeerSummary[]> {
  return Promise.all(
    host
      .getConnections()
      .slice(0, MAX_PEERS)
      .map(async ({ remotePeer, remoteAddr, direction, rtt }) => {
        const known = await host.peerStore.get(remotePeer).catch(() => undefined)
        const addresses = known?.addresses.map(({ multiaddr }) => multiaddr.toString()) ?? []
        return {
          peerId: remotePeer.toString(),
          multiaddrs: addresses.length > 0 ? addresses : [remoteAddr.toString()],
          direction,
          protocols: known?.protocols ?? [],
          ...(rtt === undefined ? {} : { latencyMs: rtt }),
        }
      }),
  )
}
