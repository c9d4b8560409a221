import { peerIdFromString } from '@libp2p/peer-id'
import type { KeeperInfo, Provider } from '@sluice/sdk/client'
import { verifyKeeperKey } from '@sluice/sdk/key'
import { RAW, cidOf } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import type { Address } from 'viem'
import type { Host } from '../net/host.ts'
import type { Discovery } from './discovery.ts'
import { askKeeperStatement, KEEPER_PROTOCOL } from './keeper-protocol.ts'
import type { KeeperStatement } from './keeper-protocol.ts'

export type KeepersOptions = {
  readonly host: Host
  readonly discovery: Discovery
  readonly chainId: number
  readonly contentKeys: Address
  /** This node's own statement, while it is a keeper. */
  readonly own?: KeeperStatement
}

const ASK_TIMEOUT_MS = 3000
const FIND_TIMEOUT_MS = 3000
const MAX_KEEPERS = 64
const REMEMBERED_MS = 60_000

/** Under which CID the keepers of one deployment announce themselves in the DHT. */
export function keepersCid(chainId: number, contentKeys: Address): Promise<CID> {
  return cidOf(RAW, new TextEncoder().encode(`sluice/keepers/1/${chainId}/${contentKeys.toLowerCase()}`))
}

/** Finds the keepers that answer now and whose key is proven to be theirs, for this deployment. */
export function createKeepers({ host, discovery, chainId, contentKeys, own }: KeepersOptions) {
  const known = new Map<string, { readonly keeper: KeeperInfo; readonly until: number }>()

  async function verify(provider: Provider, signal: AbortSignal): Promise<KeeperInfo | undefined> {
    const { peerId } = provider
    const remembered = known.get(peerId)
    if (remembered !== undefined && remembered.until > Date.now()) return remembered.keeper
    known.delete(peerId)
    try {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)])
      const { publicKey, proof } = await askKeeperStatement(host, peerIdFromString(peerId), bounded)
      if (!verifyKeeperKey({ peerId, publicKey, chainId, contentKeys }, proof)) return undefined
      const keeper = { ...(await discovery.describe(peerIdFromString(peerId))), publicKey, proof }
      known.set(peerId, { keeper, until: Date.now() + REMEMBERED_MS })
      return keeper
    } catch {
      // One that does not answer, or not sensibly, is no keeper for now.
      return undefined
    }
  }

  /** Connected peers that speak the protocol, and those that announced themselves. */
  async function candidates(signal: AbortSignal): Promise<Provider[]> {
    const found = new Map<string, Provider>()
    for (const peer of host.getPeers()) {
      const { protocols } = await host.peerStore.get(peer).catch(() => ({ protocols: [] as string[] }))
      if (protocols.includes(KEEPER_PROTOCOL)) found.set(peer.toString(), await discovery.describe(peer))
    }
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(FIND_TIMEOUT_MS)])
    for await (const provider of discovery.findProviders(await keepersCid(chainId, contentKeys), { signal: bounded })) {
      found.set(provider.peerId, provider)
      if (found.size >= MAX_KEEPERS) break
    }
    return [...found.values()]
  }

  return async (signal: AbortSignal): Promise<KeeperInfo[]> => {
    const others = await Promise.all((await candidates(signal)).map((provider) => verify(provider, signal)))
    const live = others.filter((keeper) => keeper !== undefined)
    if (own === undefined) return live
    const self = await discovery.describe(host.peerId)
    return [{ ...self, multiaddrs: host.getMultiaddrs().map(String), ...own }, ...live]
  }
}
