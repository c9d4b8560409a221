import { join } from 'node:path'
import { loadToken } from './api/index.ts'
import type { NodeStatus } from './api/types.ts'
import { createChain } from './chain/index.ts'
import type { NodeConfig } from './config.ts'
import { bindPublic, originsOf } from './daemon/bind-public.ts'
import { createClosers } from './daemon/closers.ts'
import type { Closers } from './daemon/closers.ts'
import { startKeeping } from './daemon/keeping.ts'
import { keepReplicas } from './daemon/keep-replicas.ts'
import { openAdmin, openPublic } from './daemon/listeners.ts'
import type { DaemonParts } from './daemon/parts.ts'
import { openPenaltyBook } from './daemon/penalties.ts'
import { resumeReplicas } from './daemon/resume-replicas.ts'
import { scrubStore } from './daemon/scrub-store.ts'
import { startSlices } from './daemon/slices.ts'
import type { Slices } from './daemon/slices.ts'
import { describeStatus } from './daemon/status.ts'
import { takeOffers } from './daemon/take-offers.ts'
import { startTorrentsIfEnabled } from './daemon/torrents.ts'
import { createDiscovery } from './discovery/index.ts'
import { createSliceHasher } from './hashing/index.ts'
import { bindListener } from './http/index.ts'
import type { Jobs } from './jobs/types.ts'
import { loadNodeKeys, openKeystore } from './keystore/index.ts'
import type { Keystore } from './keystore/index.ts'
import { earnedByRoot, Ledger } from './ledger/index.ts'
import { createLog } from './log.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createFindBlock, createHost, createNetwork, multiaddrOfUrl } from './net/index.ts'
import type { FindBlock } from './net/index.ts'
import { createBlockProtocol } from './protocols/block/index.ts'
import { createGrantProtocol } from './protocols/grant/index.ts'
import { startSocial } from './social/index.ts'
import type { Social, SocialOptions } from './social/index.ts'
import { openStore } from './store/index.ts'
import { VERSION } from './version.ts'

export type { DaemonParts } from './daemon/parts.ts'

export type DaemonOptions = {
  /** Aborting it stops the daemon, also while it starts. */
  readonly signal?: AbortSignal
  readonly log?: Log
  /** Mounts seeding and downloading; without it the node only serves. */
  readonly createJobs?: (parts: DaemonParts) => Jobs
}

/** A running node. */
export type Daemon = DaemonParts & {
  readonly peerId: string
  readonly multiaddrs: readonly string[]
  /** Base URL of the admin API, loopback. */
  readonly apiUrl: string
  readonly apiToken: string
  readonly publicUrl: string
  status(): NodeStatus
  /** Ends everything in order; at most a few seconds per part. */
  stop(): Promise<void>
}

const STOP_TIMEOUT_MS = 5000

/**
 * Starts a node: keys, store, chain, peers, services, listeners, in this order. What fails takes down what had started.
 * @throws KEYSTORE_LOCKED, STORE_LOCKED, RPC_UNREACHABLE, WRONG_CHAIN, BAD_INPUT for a port that is taken, ABORTED.
 */
export async function startDaemon(config: NodeConfig, options: DaemonOptions = {}): Promise<Daemon> {
  const log = options.log ?? createLog({ name: config.name, level: config.logLevel })
  const closers = createClosers(log, STOP_TIMEOUT_MS)
  try {
    const daemon = await start(config, log, closers, options)
    options.signal?.throwIfAborted()
    options.signal?.addEventListener('abort', () => void closers.close(), { once: true })
    log.info({ peerId: daemon.peerId, apiUrl: daemon.apiUrl, publicUrl: daemon.publicUrl }, 'node is up')
    return daemon
  } catch (error) {
    await closers.close()
    throw error
  }
}

async function start(config: NodeConfig, log: Log, closers: Closers, options: DaemonOptions): Promise<Daemon> {
  const apiToken = await loadToken(config.admin.tokenFile)
  const state = await openState(config, log, closers)
  options.signal?.throwIfAborted()

  // Bound before libp2p starts, which announces its port, and answered once everything behind it is there.
  const publicListener = await bindPublic(config.public, log, closers)
  const publicUrl = config.public.url ?? publicListener.origin
  const { findBlock, keeperKey, ...peers } = await joinNetwork(config, log, closers, state, publicUrl)
  options.signal?.throwIfAborted()

  const { keystore: _keystore, ...lasting } = state
  const core: DaemonParts = { config, log, ...lasting, ...peers }
  const metrics = createMetrics({
    peers: () => core.host.getPeers().length,
    contents: () => core.store.list().length,
    storedBytes: () => core.store.usedBytes(),
    chainHead: () => Number(core.chain.watcher.head()),
    chainHealthy: () => core.chain.watcher.healthy(),
  })
  const slices = await startSlices({ ...core, metrics: metrics.slices })
  closers.add('slice service', () => slices.stop())
  const parts = await joinSwarms(core, slices, closers)
  parts.chain.watcher.start()
  const jobs = options.createJobs?.(parts)
  if (jobs !== undefined) {
    closers.add('jobs', () => jobs.stop())
    closers.add('scrubbing', scrubStore(parts, jobs))
    closers.add('replicas to complete', resumeReplicas(parts, jobs))
    if (config.replication.accept !== 'none') closers.add('offers', await takeOffers(parts, jobs))
  }
  const replication = keepReplicas(parts)
  closers.add('replication', () => replication.stop())
  const social = await carrySocial({ ...parts, store: state.store }, closers)
  const side = { listener: publicListener, publicUrl, slices, findBlock, social }
  closers.add('exchange sockets', await openPublic(parts, side))

  const listener = await bindListener(config.admin.host, config.admin.port, { requestTimeoutMs: 0 })
  closers.add('admin listener', () => listener.close())
  const status = (): NodeStatus => describeStatus({ ...parts, publicUrl, keeperKey })
  const ownOrigins = originsOf(publicListener, publicUrl)
  openAdmin(parts, { listener, token: apiToken, ownOrigins, slices, jobs, metrics, status, replication })
  return {
    ...parts,
    peerId: parts.host.peerId.toString(),
    multiaddrs: parts.host.getMultiaddrs().map(String),
    apiUrl: listener.origin,
    apiToken,
    publicUrl,
    status,
    stop: closers.close,
  }
}

/** The torrents' side, a second way to the same service. */
async function joinSwarms(core: DaemonParts, { service }: Slices, closers: Closers): Promise<DaemonParts> {
  const peerId = core.host.peerId.toString()
  const torrents = await startTorrentsIfEnabled({ ...core, peerId, serve: service.serve })
  if (torrents === undefined) return core
  closers.add('torrents', () => torrents.stop())
  return { ...core, torrents }
}

async function carrySocial(options: SocialOptions, closers: Closers): Promise<Social | undefined> {
  if (!options.config.social.relay) return undefined
  const social = await startSocial(options)
  closers.add('social actions', () => social.stop())
  return social
}

type State = Pick<DaemonParts, 'keys' | 'ledger' | 'penalties' | 'chain'> & {
  readonly keystore: Keystore
  readonly store: Awaited<ReturnType<typeof openStore>>
}

/** Everything that lasts: keys, slices, money, and the chain as it is now. */
async function openState(config: NodeConfig, log: Log, closers: Closers): Promise<State> {
  const keystore = await openKeystore(config.keystorePath, config.keystore.passphrase)
  const keys = await loadNodeKeys(keystore, config.keystore.operatorKey)
  const { quotaBytes, reserveBytes } = config.storage
  const earned = (): ReadonlyMap<string, bigint> => earnedByRoot(ledger.earnings())
  const store = await openStore({ directory: config.dataDir, quotaBytes, reserveBytes, earned })
  closers.add('store', () => store.close())
  const ledger = new Ledger(join(config.dataDir, 'ledger.db'))
  closers.add('ledger', () => ledger.close())
  const { database } = store
  const chain = await createChain({ config: config.chain, operator: keys.operator, store, database, log })
  closers.add('chain watcher', () => chain.watcher.stop())
  return { keystore, keys, store, ledger, penalties: openPenaltyBook(database), chain }
}

type Peers = Pick<DaemonParts, 'host' | 'discovery' | 'grants' | 'network'> & {
  readonly findBlock: FindBlock
  readonly keeperKey: `0x${string}` | undefined
}

/** The libp2p side: host, block and grant protocols, discovery, keepers. */
async function joinNetwork(
  config: NodeConfig,
  log: Log,
  closers: Closers,
  { keystore, keys, store, chain }: State,
  publicUrl: string,
): Promise<Peers> {
  const { blocks } = store
  const httpAddress = multiaddrOfUrl(publicUrl)
  const host = await createHost({ identity: keys.identity, p2p: config.p2p, httpAddress, version: VERSION })
  closers.add('libp2p', () => host.stop())
  const protocol = await createBlockProtocol({ host, blocks, perMinute: config.limits.blocksPerMinute, log })
  const grants = await createGrantProtocol({
    host,
    store,
    entitlements: chain.entitlements,
    sessions: chain.sessions,
    session: keys.session,
    domain: { chainId: config.chain.chainId, channels: config.chain.contracts.channels },
    policy: config.replication,
    log,
  })
  const discovery = await createDiscovery(host, store, log)
  closers.add('discovery', () => discovery.stop())
  const keeping = await startKeeping({ config, log, host, keystore, chain, discovery })
  closers.add('key service', () => keeping.stop())
  const findBlock = createFindBlock({ host, blocks, protocol, discovery })
  const { findKeepers, requestShare, keeperKey } = keeping
  const { privateNetwork } = config.p2p
  const hasher = createSliceHasher()
  closers.add('hashing', () => hasher.stop())
  const { hash } = hasher
  const network = createNetwork({ host, discovery, findBlock, findKeepers, requestShare, privateNetwork, hash })
  return { host, discovery, grants, network, findBlock, keeperKey }
}
