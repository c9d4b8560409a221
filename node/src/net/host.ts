import { bootstrap } from '@libp2p/bootstrap'
import { identify } from '@libp2p/identify'
import type { Identify } from '@libp2p/identify'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { kadDHT, passthroughMapper, removePrivateAddressesMapper } from '@libp2p/kad-dht'
import type { KadDHT } from '@libp2p/kad-dht'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import type { Ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import type { NodeConfig } from '../config.ts'

export type Host = Libp2p<{ dht: KadDHT; identify: Identify; ping: Ping }>

export type HostOptions = {
  readonly identity: PrivateKey
  readonly p2p: NodeConfig['p2p']
  /** The public listener's address, announced beside the transports' own. */
  readonly httpAddress?: string
  readonly version: string
}

const DHT_PROTOCOL = '/sluice/kad/1.0.0'
/** yamux starts at 256 KiB, one slice; with 1 MiB the first round trips do not wait for window updates. */
const INITIAL_WINDOW = 1024 * 1024
const MAX_WINDOW = 8 * 1024 * 1024
/** A paused stream may still receive a whole window. */
const MAX_UNREAD = MAX_WINDOW + 1024 * 1024

/** A started libp2p node: TLS before noise because it is native here and twice as fast; browsers bring noise. */
export async function createHost({ identity, p2p, httpAddress, version }: HostOptions): Promise<Host> {
  return createLibp2p({
    privateKey: identity,
    nodeInfo: { name: 'sluice', version, userAgent: `sluice/${version}` },
    addresses: {
      listen: [...p2p.listen],
      announce: [...p2p.announce],
      appendAnnounce: httpAddress === undefined ? [] : [httpAddress],
    },
    transports: [tcp({ dialOpts: { noDelay: true }, listenOpts: { noDelay: true } }), webSockets()],
    connectionEncrypters: [tls(), noise()],
    streamMuxers: [
      yamux({
        streamOptions: {
          initialStreamWindowSize: INITIAL_WINDOW,
          maxStreamWindowSize: MAX_WINDOW,
          maxReadBufferLength: MAX_UNREAD,
        },
      }),
    ],
    connectionManager: {
      maxConnections: p2p.maxConnections,
      maxIncomingPendingConnections: 32,
      inboundConnectionThreshold: p2p.privateNetwork ? 100 : 10,
    },
    ...(p2p.privateNetwork ? { connectionGater: { denyDialMultiaddr: () => false } } : {}),
    peerDiscovery: p2p.bootstrap.length === 0 ? [] : [bootstrap({ list: [...p2p.bootstrap], timeout: 100 })],
    services: {
      identify: identify(),
      ping: ping(),
      dht: kadDHT({
        protocol: DHT_PROTOCOL,
        // Server and every address on a private network: the defaults wait for a public address and drop loopback.
        clientMode: false,
        peerInfoMapper: p2p.privateNetwork ? passthroughMapper : removePrivateAddressesMapper,
        allowQueryWithZeroPeers: true,
      }),
    },
  })
}
