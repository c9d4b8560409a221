import type { PeerId } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'
import { askPeer, serveRequests } from '../net/request.ts'

/** `/sluice/have/1.0.0`: a CID's bytes → one byte: 0 nothing of it is here, 1 a part or a block, 2 all slices of the content. */
const HAVE_PROTOCOL = '/sluice/have/1.0.0'

/** How much of what a CID names somebody says to hold; in the order of the wire. */
const HELD = ['nothing', 'part', 'whole'] as const
export type Held = (typeof HELD)[number]

const MAX_CID_BYTES = 64
const PER_MINUTE = 1200

/** Tells peers whether something is here, and asks those who are connected: no look-up is faster. */
export async function createHaveProtocol(host: Host, holds: (cid: CID) => Promise<Held>, log: Log) {
  const limiter = createRateLimiter(PER_MINUTE)
  const limits = { maxRequestBytes: MAX_CID_BYTES, maxResponseBytes: 1 }
  await serveRequests(host, { protocol: HAVE_PROTOCOL, ...limits, log }, async (request, peer) => {
    const held = limiter.take(peer.toString()) ? await holds(CID.decode(request)) : 'nothing'
    return Uint8Array.of(HELD.indexOf(held))
  })
  return {
    async ask(peer: PeerId, cid: CID, signal: AbortSignal): Promise<Held> {
      const answer = await askPeer(host, peer, cid.bytes, { protocol: HAVE_PROTOCOL, maxResponseBytes: 1, signal })
      return HELD[answer[0] ?? 0] ?? 'nothing'
    },
    stop: () => host.unhandle(HAVE_PROTOCOL),
  }
}

export type HaveProtocol = Awaited<ReturnType<typeof createHaveProtocol>>
