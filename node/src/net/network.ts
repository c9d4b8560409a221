import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Multiaddr } from '@multiformats/multiaddr'
import { SluiceError } from '@sluice/sdk'
import type { Connection, HashSlice, Network, Provider, Way } from '@sluice/sdk/client'
import type { Discovery } from '../discovery/index.ts'
import { libp2pFrameChannel, SLICE_PROTOCOL } from '../protocols/slice/index.ts'
import type { FindBlock } from './find-block.ts'
import type { Host } from './host.ts'
import { networkError } from './request.ts'
import { createSocketWays } from './socket-ways.ts'

export type NetworkOptions = Pick<Network, 'findKeepers' | 'requestShare'> & {
  readonly host: Host
  readonly discovery: Discovery
  readonly findBlock: FindBlock
  /** Whether what peers name may be of this machine or of a private network. */
  readonly privateNetwork: boolean
  /** Hashes what comes over WebSockets beside the main thread. */
  readonly hash?: HashSlice
}

const CONNECT_TIMEOUT_MS = 10_000
const MAX_ADDRESSES = 16

/**
 * The sdk's network over this node's libp2p. Slices come by the WebSocket of a peer's public listener where it has one
 * that may be dialled, since that is the fastest; by a libp2p stream otherwise.
 */
export function createNetwork(options: NetworkOptions): Network {
  const { host, discovery, findBlock, findKeepers, requestShare, privateNetwork, hash } = options
  const socketWays = createSocketWays({ privateNetwork, ...(hash === undefined ? {} : { hash }) })
  const own = host.peerId.toString()
  return {
    findProviders: (root, options) => discovery.findProviders(root, options),
    connect: (provider, { signal }) => connect(host, provider, signal),
    waysTo: (provider) => [...(provider.peerId === own ? [] : socketWays(provider)), streamWay(host, provider)],
    fetchBlock: (cid, { signal }) => findBlock(cid, signal),
    findKeepers,
    requestShare,
  }
}

function streamWay(host: Host, provider: Provider): Way {
  return {
    via: 'libp2p',
    name: provider.peerId,
    provesPeers: true,
    connect: ({ signal }) => connect(host, provider, signal),
  }
}

/** Opens the slice exchange; libp2p reuses the connection if there is one. */
async function connect(host: Host, provider: Provider, signal: AbortSignal): Promise<Connection> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)])
  try {
    const peerId = peerIdFromString(provider.peerId)
    if (peerId.equals(host.peerId)) throw new SluiceError('BAD_INPUT', 'A node does not fetch slices from itself.')
    const multiaddrs = provider.multiaddrs.slice(0, MAX_ADDRESSES).flatMap(parse)
    if (multiaddrs.length > 0) await host.peerStore.merge(peerId, { multiaddrs })
    const stream = await host.dialProtocol(peerId, SLICE_PROTOCOL, { signal: bounded })
    return { peerId: provider.peerId, channel: libp2pFrameChannel(stream) }
  } catch (error) {
    throw networkError(error, bounded)
  }
}

/** What a stranger wrote as an address, if it is one. */
function parse(text: string): Multiaddr[] {
  try {
    return [multiaddr(text)]
  } catch {
    return []
  }
}
