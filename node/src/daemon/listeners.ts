import type { Network, Provider } from '@sluice/sdk/client'
import type { CID } from 'multiformats/cid'
import { createAccounting, createAdminApp, createRegistrationCheck } from '../api/index.ts'
import type { NodeStatus } from '../api/types.ts'
import { findChannelStanding } from '../chain/index.ts'
import type { Listener } from '../http/index.ts'
import type { Jobs } from '../jobs/types.ts'
import type { NodeMetrics } from '../metrics.ts'
import { createRateLimiter } from '../net/index.ts'
import type { FindBlock, Host } from '../net/index.ts'
import { acceptExchangeSockets, createPublicApp, createStaticFiles } from '../public/index.ts'
import type { Social } from '../social/index.ts'
import type { Store } from '../store/index.ts'
import { VERSION } from '../version.ts'
import type { Replication } from './keep-replicas.ts'
import type { DaemonParts } from './parts.ts'
import type { Slices } from './slices.ts'
import { describePeers } from './status.ts'

export type PublicSide = {
  readonly listener: Listener
  readonly publicUrl: string
  readonly slices: Slices
  readonly findBlock: FindBlock
  readonly social: Social | undefined
}

/** What anybody reaches: HTTP, the dApp and the exchange's WebSockets. Returns how to break those. */
export async function openPublic(parts: DaemonParts, side: PublicSide): Promise<() => void> {
  const { config, log, store, chain, host, network } = parts
  const { listener, publicUrl, slices, findBlock, social } = side
  const { chainId, contracts, rpcUrl: ownRpcUrl, publicRpcUrl: rpcUrl = ownRpcUrl } = config.chain
  const price = { token: config.price.token, amount: config.price.amount.toString() }
  const index = config.indexUrl === undefined ? {} : { indexUrl: config.indexUrl }
  const limiter = createRateLimiter(config.limits.requestsPerMinute)
  const { maxExchanges } = config.limits
  const sockets = acceptExchangeSockets({ listener, limiter, maxSockets: maxExchanges, serve: slices.serveSocket })
  const app = createPublicApp({
    info: { peerId: host.peerId.toString(), chainId, rpcUrl, contracts, price, ...index, version: VERSION },
    getBlock: (cid) => store.blocks.get(cid),
    findBlock,
    findProviders: (root, signal) => withSelf({ host, store, network, publicUrl }, root, signal),
    findKeepers: (signal) => network.findKeepers({ signal }),
    requestShare: (peerId, request, signal) => network.requestShare(peerId, request, { signal }),
    attachStream: sockets.attachStream,
    publicReader: slices.service.publicReader,
    maxAnswers: maxExchanges,
    social,
    socialLimiter: createRateLimiter(config.social.postsPerMinute),
    isHealthy: () => chain.watcher.healthy(),
    files: config.appDir === undefined ? undefined : await createStaticFiles(config.appDir),
    limiter,
    log,
  })
  listener.serve(app)
  return () => sockets.close()
}

/** A page's own node is a provider like any other, and the nearest. */
async function* withSelf(
  { host, store, network, publicUrl }: { host: Host; store: Store; network: Network; publicUrl: string },
  root: CID,
  signal: AbortSignal,
): AsyncGenerator<Provider> {
  if ((store.get(root.toString())?.have ?? 0) > 0) {
    yield { peerId: host.peerId.toString(), multiaddrs: host.getMultiaddrs().map(String), url: publicUrl }
  }
  yield* network.findProviders(root, { signal })
}

export type AdminSide = {
  readonly listener: Listener
  readonly token: string
  /** Origins of the dApp as this node serves it. */
  readonly ownOrigins: readonly string[]
  readonly slices: Slices
  readonly jobs: Jobs | undefined
  readonly metrics: NodeMetrics
  readonly status: () => NodeStatus
  readonly replication: Replication
}

/** What only the owner reaches. */
export function openAdmin(parts: DaemonParts, side: AdminSide): void {
  const { config, log, store, ledger, chain, host, torrents } = parts
  const { listener, token, ownOrigins, slices, jobs, metrics, status, replication } = side
  const gasPrice = (): Promise<bigint> => chain.publicClient.getGasPrice()
  const app = createAdminApp(
    {
      store,
      ...(torrents === undefined ? {} : { describeTorrent: torrents.describe }),
      ...(jobs === undefined ? {} : { jobs }),
      accounting: createAccounting({
        ledger,
        slices: slices.service,
        store,
        policy: slices.policy,
        gasPrice,
        standing: (channelId) =>
          findChannelStanding(chain.publicClient, { contracts: config.chain.contracts, channelId }),
      }),
      checkRegistration: createRegistrationCheck(chain.publicClient, config.chain.contracts),
      replication,
      status,
      peers: () => describePeers(host),
      health: () => ({ ok: true, chainHealthy: chain.watcher.healthy(), peers: host.getPeers().length }),
      metrics: metrics.registry,
      log,
    },
    { token, port: listener.port, allowedOrigins: [...config.admin.allowedOrigins, ...ownOrigins] },
  )
  listener.serve(app)
}
