import { once } from 'node:events'
import { connect as connectTcp, isIP } from 'node:net'
import type { Duplex } from 'node:stream'
import { SluiceError } from '@sluice/sdk'
import type { Connection, Network, Provider } from '@sluice/sdk/client'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { isPrivate } from '../net/index.ts'
import { parsePeerAddress } from './addresses.ts'
import type { PeerAddress } from './addresses.ts'
import type { Layout } from './blocks.ts'
import { useExchange } from './exchange-extension.ts'
import { fetcherChannel } from './fetcher-channel.ts'
import { lookUpPeers } from './look-up.ts'
import type { LookUp } from './look-up.ts'
import { mapConcurrently } from './map-concurrently.ts'
import { createPeerWire } from './peer-wire.ts'
import type { PeerWire } from './peer-wire.ts'

export type FetchingOptions = {
  /** This node as BitTorrent knows it, 20 bytes in hex. */
  readonly wireId: string
  readonly port: number
  /** Trackers that are asked besides those of a swarm, wherever they are. */
  readonly ownTrackers: readonly string[]
  readonly privateNetwork: boolean
}

/** A torrent to fetch from its swarm. */
export type Swarm = LookUp & { readonly layout: Layout }

/** The part of the sdk's network that finds, opens and blames sources. */
export type SwarmNetwork = Required<Pick<Network, 'findProviders' | 'connect' | 'nameOf'>>

const CONNECT_MS = 10_000
/** Peers met at once, and in one look-up. */
const MAX_MEETING = 8
const MAX_PEERS = 64
const MAX_PEER_ID = 128

/**
 * A torrent's swarm as the sdk's network: its providers are the peers that speak the exchange, already connected. Each is
 * what its terms are signed by, whatever it says of itself here: they are told apart by their addresses, so that nobody
 * takes another's place, or spoils its name, by saying to be it.
 */
export function swarmNetwork(options: FetchingOptions, swarm: Swarm): SwarmNetwork {
  /** Met and not used yet, by address. */
  const channels = new Map<string, FrameChannel>()
  return {
    async *findProviders(_root, { signal }) {
      const hangUp = (): void => channels.forEach((channel) => channel.abort(NOT_NEEDED))
      signal.addEventListener('abort', hangUp, { once: true })
      const peers = limit(distinct(lookUpPeers(swarm, { ...options, peerId: options.wireId, signal })), MAX_PEERS)
      for await (const met of mapConcurrently(peers, MAX_MEETING, (peer) => meet(options, swarm, peer, signal))) {
        if (met === undefined) continue
        if (signal.aborted) {
          met.channel.abort(NOT_NEEDED)
          continue
        }
        channels.set(met.address, met.channel)
        yield { peerId: met.peerId, multiaddrs: [met.address] }
      }
    },
    connect({ peerId, multiaddrs: [address = ''] }: Provider): Promise<Connection> {
      const channel = channels.get(address)
      if (channel === undefined) throw new SluiceError('NODE_UNREACHABLE', 'This peer is not in the swarm.')
      channels.delete(address)
      return Promise.resolve({ peerId, channel })
    },
    nameOf: ({ peerId, multiaddrs: [address = ''] }) => `${peerId} ${address}`,
  }
}

const NOT_NEEDED = new SluiceError('ABORTED', 'This connection is not needed.')

/** A peer that speaks the exchange: where it is, and who it says to be. */
type Met = { readonly address: string; readonly peerId: string; readonly channel: FrameChannel }

/** Shakes hands with one peer; undefined where it cannot be reached, or does not speak the exchange. */
async function meet(
  options: FetchingOptions,
  swarm: Swarm,
  peer: string,
  signal: AbortSignal,
): Promise<Met | undefined> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS)])
  const address = parsePeerAddress(peer)
  if (address === undefined) return undefined
  const socket = await dial(options, address, bounded).catch(() => undefined)
  if (socket === undefined) return undefined
  const wire = createPeerWire(socket)
  const giveUp = (): void => wire.abort()
  bounded.addEventListener('abort', giveUp, { once: true })
  try {
    const greeted = await greet(options, swarm, wire)
    return greeted && { ...greeted, address: toMultiaddr(address) }
  } finally {
    bounded.removeEventListener('abort', giveUp)
  }
}

async function greet(
  { wireId }: FetchingOptions,
  { infoHash, layout }: Swarm,
  peer: PeerWire,
): Promise<Omit<Met, 'address'> | undefined> {
  const { wire } = peer
  const met = Promise.withResolvers<string | undefined>()
  const frames = useExchange(peer, (handshake) => met.resolve(peerIdIn(handshake)))
  wire.once('handshake', (theirs: string, theirId: string) => {
    // This node is in the swarm itself.
    if (theirs !== infoHash || theirId === wireId) peer.abort()
  })
  // An extended handshake without the exchange: the peer is one of the plain ones, and has nothing for us.
  wire.once('extended', () => met.resolve(undefined))
  void peer.closed.then(() => met.resolve(undefined))
  wire.handshake(infoHash, wireId, { fast: true })
  wire.interested()
  const peerId = await met.promise
  if (peerId === undefined) peer.abort()
  return peerId === undefined ? undefined : { peerId, channel: fetcherChannel(peer, frames, layout) }
}

async function dial({ privateNetwork }: FetchingOptions, address: PeerAddress, signal: AbortSignal): Promise<Duplex> {
  if (!privateNetwork && isPrivate(address.host)) {
    throw new SluiceError('NODE_UNREACHABLE', 'Not an address that may be dialled.')
  }
  const socket = connectTcp({ ...address, noDelay: true })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

function toMultiaddr({ host, port }: PeerAddress): string {
  return `/ip${isIP(host)}/${host}/tcp/${port}`
}

function peerIdIn({ sluice_peer: value }: Record<string, unknown>): string | undefined {
  return value instanceof Uint8Array && value.length <= MAX_PEER_ID ? new TextDecoder().decode(value) : undefined
}

async function* distinct<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const seen = new Set<T>()
  for await (const item of items) {
    if (seen.has(item)) continue
    seen.add(item)
    yield item
  }
}

async function* limit<T>(items: AsyncIterable<T>, most: number): AsyncGenerator<T> {
  let count = 0
  for await (const item of items) {
    yield item
    count += 1
    if (count === most) return
  }
}
