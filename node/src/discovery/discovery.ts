import type { PeerId } from '@libp2p/interface'
import type { Provider } from '@sluice/sdk/client'
import parallel from 'it-parallel'
import type { CID } from 'multiformats/cid'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import type { Store, StoredContent } from '../store/index.ts'
import { createAcquaintance } from './acquaintance.ts'
import { createAnnouncer } from './announcer.ts'
import { createHaveProtocol } from './have-protocol.ts'
import type { HaveProtocol, Held } from './have-protocol.ts'
import { mergeUnique } from './merge.ts'
import { createSampleProtocol } from './sample-protocol.ts'

/** Connected peers asked at most, and how long one may think. */
const MAX_ASKED = 64
const ASK_TIMEOUT_MS = 2000
const FIND_TIMEOUT_MS = 10_000
/** Peers that a look-up has only heard of and meets: at once, and in all. */
const MET_AT_ONCE = 8
const MAX_MET = 32

export type Discovery = {
  /** Who holds a CID, as they are found; at most ten seconds. This node itself is left out. */
  findProviders(cid: CID, options: { readonly signal: AbortSignal }): AsyncIterable<Provider>
  /** How much of a CID a peer says it holds. Throws NODE_UNREACHABLE, PROTOCOL_VIOLATION, TIMEOUT or ABORTED. */
  asks(peer: PeerId, cid: CID, signal: AbortSignal): Promise<Held>
  /** Whether a peer shows that it has slices, drawn at random, of a content that is here whole. Throws as `asks`. */
  samples(peer: PeerId, content: StoredContent, signal: AbortSignal): Promise<boolean>
  /** Announces a CID that stands for this node itself, for as long as it runs. */
  announce(cid: CID): void
  /** What is known of one peer, its public listener included. */
  describe(peer: PeerId): Promise<Provider>
  stop(): Promise<void>
}

/** What asking connected peers takes. */
type Askers = {
  readonly host: Pick<Host, 'getPeers'>
  readonly have: HaveProtocol
  readonly introduce: (peer: PeerId, signal: AbortSignal) => Promise<Provider>
}

/** Announces what the store holds, and finds who holds what: connected peers by asking, the rest through the DHT. */
export async function createDiscovery(host: Host, store: Store, log: Log): Promise<Discovery> {
  const permanent = new Set<string>()
  const holds = async (cid: CID): Promise<Held> => (permanent.has(cid.toString()) ? 'part' : heldOf(store, cid))
  const announcer = createAnnouncer(host, async (cid) => (await holds(cid)) !== 'nothing', log)
  const stopListening = store.onStored((cid) => announcer.add(cid))
  for (const cid of store.announced()) announcer.add(cid)
  const have = await createHaveProtocol(host, holds, log)
  const sample = await createSampleProtocol(host, store, log)

  const { describe, introduce, meet } = createAcquaintance(host)
  const askers = { host, have, introduce }

  async function* askDht(cid: CID, signal: AbortSignal): AsyncGenerator<() => Promise<Provider>> {
    let met = 0
    for await (const event of host.services.dht.findProviders(cid, { signal })) {
      if (event.name !== 'PROVIDER') continue
      for (const found of event.providers) {
        if (found.id.equals(host.peerId)) continue
        met += 1
        yield met > MAX_MET ? () => describe(found.id, found.multiaddrs) : () => meet(found, signal)
      }
    }
  }

  return {
    announce(cid) {
      permanent.add(cid.toString())
      announcer.add(cid.toString())
    },
    describe,
    asks: (peer, cid, signal) => have.ask(peer, cid, signal),
    samples: (peer, content, signal) => sample.ask(peer, content, signal),
    async *findProviders(cid, { signal }) {
      const done = new AbortController()
      const bounded = AbortSignal.any([signal, done.signal, AbortSignal.timeout(FIND_TIMEOUT_MS)])
      const heard = parallel(askDht(cid, bounded), { concurrency: MET_AT_ONCE })
      try {
        yield* mergeUnique([askConnected(askers, cid, bounded), heard], ({ peerId }) => peerId, bounded)
      } finally {
        done.abort()
      }
    },
    async stop() {
      stopListening()
      await Promise.all([announcer.stop(), have.stop(), sample.stop()])
    },
  }
}

/**
 * Those of the connected peers that say they hold it, as their answers come; one that cannot be asked holds nothing.
 */
async function* askConnected({ host, have, introduce }: Askers, cid: CID, signal: AbortSignal) {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)])
  const asks = host
    .getPeers()
    .slice(0, MAX_ASKED)
    .map((peer) => async (): Promise<Provider | undefined> => {
      const held = await have.ask(peer, cid, bounded).catch(() => 'nothing')
      return held === 'nothing' ? undefined : introduce(peer, bounded)
    })
  for await (const provider of parallel(asks)) if (provider !== undefined) yield provider
}

async function heldOf(store: Store, cid: CID): Promise<Held> {
  const text = cid.toString()
  const content = store.get(text)
  if (content !== undefined && content.have === content.sliceCount) return 'whole'
  return content !== undefined || (await store.blocks.get(text)) !== undefined ? 'part' : 'nothing'
}
