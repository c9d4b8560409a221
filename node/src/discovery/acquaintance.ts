import type { IdentifyResult, PeerId, PeerInfo } from '@libp2p/interface'
import type { Provider } from '@sluice/sdk/client'
import { urlOfMultiaddrs } from '../net/addresses.ts'
import type { Host } from '../net/host.ts'

const MAX_ADDRESSES = 16
const MEET_TIMEOUT_MS = 2000

/**
 * What is known of peers. Anybody can write a record of the DHT: over libp2p a wrong address leads nowhere, but a URL
 * is where a Hello is said, so URLs are taken from what the peers themselves have signed.
 */
export function createAcquaintance(host: Host) {
  async function describe(peer: PeerId, found: PeerInfo['multiaddrs'] = []): Promise<Provider> {
    const known = (await host.peerStore.get(peer).catch(() => undefined))?.addresses ?? []
    const url = urlOfMultiaddrs(known.filter(({ isCertified }) => isCertified).map(({ multiaddr }) => multiaddr))
    const addresses = new Set([...found, ...known.map(({ multiaddr }) => multiaddr)].map(String))
    const multiaddrs = [...addresses].slice(0, MAX_ADDRESSES)
    return { peerId: peer.toString(), multiaddrs, ...(url === undefined ? {} : { url }) }
  }

  return {
    /** What is known of one peer, with its public listener where it has named one; `found` is hearsay. */
    describe,
    /**
     * The same of a connected peer: where it was asked who it is and has not answered yet, after that, if it comes in
     * time.
     */
    async introduce(peer: PeerId, signal: AbortSignal): Promise<Provider> {
      await untilIdentified(host, peer, signal)
      return describe(peer)
    },
    /** The same, after a peer that was only heard of has said itself where it listens, if it can be reached. */
    async meet({ id, multiaddrs }: PeerInfo, signal: AbortSignal): Promise<Provider> {
      const before = await describe(id, multiaddrs)
      if (before.url !== undefined) return before
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(MEET_TIMEOUT_MS)])
      try {
        await host.peerStore.merge(id, { multiaddrs: multiaddrs.slice(0, MAX_ADDRESSES) })
        await host.services.identify.identify(await host.dial(id, { signal: bounded }), { signal: bounded })
        return await describe(id, multiaddrs)
      } catch {
        return before
      }
    },
  }
}

/** Resolves when a peer has said who it is, when it has left, or once the waiting is given up. */
async function untilIdentified(host: Host, peer: PeerId, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const giveUp = (): void => resolve()
  const resolveFor = (other: PeerId): void => (other.equals(peer) ? resolve() : undefined)
  const hear = ({ detail }: CustomEvent<IdentifyResult>): void => resolveFor(detail.peerId)
  const leave = ({ detail }: CustomEvent<PeerId>): void => resolveFor(detail)
  host.addEventListener('peer:identify', hear)
  host.addEventListener('peer:disconnect', leave)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted || (await isIdentified(host, peer))) resolve()
  await promise
  host.removeEventListener('peer:identify', hear)
  host.removeEventListener('peer:disconnect', leave)
  signal.removeEventListener('abort', giveUp)
}

async function isIdentified(host: Host, peer: PeerId): Promise<boolean> {
  const known = await host.peerStore.get(peer).catch(() => undefined)
  return known?.metadata.has('AgentVersion') === true
}
