import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { SluiceError } from '@sluice/sdk'
import type { CID } from 'multiformats/cid'
import type { Discovery } from '../discovery/index.ts'
import type { BlockProtocol } from '../protocols/block/index.ts'
import type { BlockStore } from '../store/index.ts'
import type { Host } from './host.ts'

export type FindBlockOptions = {
  readonly host: Host
  readonly blocks: BlockStore
  readonly protocol: BlockProtocol
  readonly discovery: Discovery
}

const PEER_TIMEOUT_MS = 4000
/** Peers asked at once, and connected ones asked at most. */
const WINDOW = 4
const MAX_CONNECTED = 32
const MAX_REMEMBERED = 16

type Ask = (peer: PeerId, cid: CID, signal: AbortSignal) => Promise<Uint8Array>

/**
 * Fetches a block from here, from whoever served one last, from who is connected, or from its providers. Throws
 * NO_PROVIDERS when none of them has it.
 */
export function createFindBlock({ host, blocks, protocol, discovery }: FindBlockOptions) {
  /** Peers that served a block lately, the last one first: a content's blocks lie together. */
  const served = new Map<string, PeerId>()

  const ask: Ask = async (peer, cid, signal) => {
    const block = await protocol.ask(peer, cid, AbortSignal.any([signal, AbortSignal.timeout(PEER_TIMEOUT_MS)]))
    if (block === undefined) throw new SluiceError('NOT_FOUND', 'The peer does not have it.')
    served.delete(peer.toString())
    served.set(peer.toString(), peer)
    const oldest = served.size > MAX_REMEMBERED ? served.keys().next().value : undefined
    if (oldest !== undefined) served.delete(oldest)
    return block
  }

  async function askKnown(cid: CID, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const connected = host.getPeers().slice(0, MAX_CONNECTED)
    const known = [
      ...new Map(
        [...served.values()]
          .reverse()
          .concat(connected)
          .map((peer) => [peer.toString(), peer]),
      ).values(),
    ]
    for (let start = 0; start < known.length && !signal.aborted; start += WINDOW) {
      const block = await askAny(ask, known.slice(start, start + WINDOW), cid, signal)
      if (block !== undefined) return block
    }
    return undefined
  }

  async function askProviders(cid: CID, signal: AbortSignal): Promise<Uint8Array | undefined> {
    for await (const { peerId } of discovery.findProviders(cid, { signal })) {
      const block = await askAny(ask, [peerIdFromString(peerId)], cid, signal)
      if (block !== undefined) return block
    }
    return undefined
  }

  return async (cid: CID, signal: AbortSignal): Promise<Uint8Array> => {
    const here = await blocks.get(cid.toString())
    const block = here ?? (await askKnown(cid, signal)) ?? (await askProviders(cid, signal))
    if (block !== undefined) return block
    throw new SluiceError('NO_PROVIDERS', `Nobody reachable provides block ${cid}.`, {
      hint: 'Whoever published it may be offline. Try again later.',
    })
  }
}

export type FindBlock = ReturnType<typeof createFindBlock>

/** The first answer of a few peers; `undefined` when none of them has it. */
async function askAny(
  ask: Ask,
  peers: readonly PeerId[],
  cid: CID,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const done = new AbortController()
  const bounded = AbortSignal.any([signal, done.signal])
  try {
    return await Promise.any(peers.map((peer) => ask(peer, cid, bounded)))
  } catch {
    return undefined
  } finally {
    done.abort()
  }
}
