import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { formatMagnet } from '@sluice/sdk/content'
import type { Hex } from 'viem'
import type { NodeConfig } from '../config.ts'
import type { Log } from '../log.ts'
import { createRateLimiter } from '../net/index.ts'
import type { SliceService } from '../protocols/slice/index.ts'
import type { Store, StoredContent } from '../store/index.ts'
import { formatPeerAddress, usableTrackers } from './addresses.ts'
import { createAnnouncements } from './announcements.ts'
import { createTorrentContents } from './contents.ts'
import { swarmNetwork } from './fetching.ts'
import type { Swarm, SwarmNetwork } from './fetching.ts'
import { createInfoCache } from './info.ts'
import { listenTcp } from './listener.ts'
import { servePeer } from './seeding.ts'
import type { SeedingOptions } from './seeding.ts'
import { startTracker } from './tracker.ts'

export type TorrentsOptions = {
  readonly config: Pick<NodeConfig, 'torrent' | 'dataDir' | 'limits' | 'p2p'>
  readonly store: Store
  readonly serve: SliceService['serve']
  /** libp2p's, by whose key the terms are signed. */
  readonly peerId: string
  readonly log: Log
}

/** A node's part in the torrents' swarms. */
export type Torrents = {
  /** Where others connect, `host:port`. */
  readonly address: string
  /** Announce URLs in use, the node's own tracker first. */
  readonly trackers: readonly string[]
  /** How a content that is here is found; undefined where it has no manifest. */
  describe(root: string): { readonly infoHash: Hex; readonly magnet: string } | undefined
  /** The swarm of a torrent as the sdk's network; trackers and peers are asked besides those that this node knows. */
  swarm(swarm: Swarm): SwarmNetwork
  stop(): Promise<void>
}

/** Azureus-style: two letters and a version, then what is drawn at every start. */
const WIRE_ID_PREFIX = Buffer.from('-SL0001-')
const WIRE_ID_BYTES = 20

/** Seeds what is in the store to the torrents' swarms, and fetches from them. */
export async function startTorrents(options: TorrentsOptions): Promise<Torrents> {
  const { config, store, serve, peerId, log } = options
  const { privateNetwork } = config.p2p
  const wireId = Buffer.concat([WIRE_ID_PREFIX, randomBytes(WIRE_ID_BYTES - WIRE_ID_PREFIX.length)]).toString('hex')
  const contents = await createTorrentContents(store, log)
  const isOwn = (infoHash: string): boolean => contents.find(infoHash) !== undefined
  const info = createInfoCache(store, { directory: join(config.dataDir, 'torrents'), isHere: isOwn })
  const serving = { contents, info, store, serve, identity: { wireId, peerId } }
  const { listener, tracker } = await listen(options, serving)
  const trackers = [...(tracker === undefined ? [] : [tracker.url]), ...config.torrent.trackers]
  const { port } = listener
  const left = (infoHash: string): number | undefined => leftOf(contents.find(infoHash))
  const announcements = createAnnouncements({ trackers, peerId: wireId, port, left, log })
  contents.onAdded((infoHash) => announcements.add(infoHash))
  const address = formatPeerAddress({ host: config.torrent.host, port })

  return {
    address,
    trackers,
    describe: (root) => {
      const [content, infoHash] = [store.get(root), contents.infoHashOf(root)]
      if (content === undefined || infoHash === undefined) return undefined
      return { infoHash: `0x${infoHash}`, magnet: magnetOf(content, `0x${infoHash}`, { trackers, address }) }
    },
    swarm: (swarm) => {
      const options = { wireId, port, privateNetwork, ownTrackers: trackers }
      return swarmNetwork(options, { ...swarm, trackers: usableTrackers(swarm.trackers, privateNetwork) })
    },
    async stop() {
      contents.stop()
      await announcements.stop()
      await listener.stop()
      await tracker?.stop()
    },
  }
}

/** Opens the listener, and the tracker where this node is one. */
async function listen({ config, log }: TorrentsOptions, serving: SeedingOptions) {
  const { host, port, tracker: isTracker, trackerPort } = config.torrent
  const { requestsPerMinute, maxExchanges: maxConnections } = config.limits
  const limiter = createRateLimiter(requestsPerMinute)
  const accept = (socket: Duplex, prefix: string): void => {
    if (limiter.take(prefix)) void servePeer(serving, socket, { addressPrefix: prefix })
    else socket.destroy()
  }
  const listener = await listenTcp({ host, port, maxConnections }, accept)
  try {
    const isOwn = (infoHash: string): boolean => serving.contents.find(infoHash) !== undefined
    const tracker = isTracker
      ? await startTracker({ host, port: trackerPort, isOwn, requestsPerMinute, maxConnections, log })
      : undefined
    return { listener, tracker }
  } catch (error) {
    await listener.stop()
    throw error
  }
}

function magnetOf(
  { root, byteLength, contentId, manifestCid }: StoredContent,
  infoHash: Hex,
  { trackers, address }: { trackers: readonly string[]; address: string },
): string {
  const content = contentId ?? manifestCid
  return formatMagnet({ infoHash, name: root, length: byteLength, trackers, peers: [address], content })
}

function leftOf(content: StoredContent | undefined): number | undefined {
  if (content === undefined) return undefined
  const { sliceCount, have, byteLength } = content
  return have === sliceCount ? 0 : Math.max(1, Math.round(byteLength * (1 - have / sliceCount)))
}
