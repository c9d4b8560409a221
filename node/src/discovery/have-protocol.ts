import type { PeerId } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'
import { askPeer, serveRequests } from '../net/request.ts'

/** `/sluice/have/1.0.0`: a CID's bytes → one byte, 1 when the peer holds any of it. */
const HAVE_PROTOCOL = '/sluice/have/1.0.0'

const MAX_CID_BYTES = 64
const PER_MINUTE = 1200

/** Tells peers whether something is here, and asks those who are connected: no look-up is faster. */
export async function createHaveProtocol(host: Host, has: (cid: CID) => Promise<boolean>, log: Log) {
  const limiter = createRateLimiter(PER_MINUTE)
  const limits = { maxRequestBytes: MAX_CID_BYTES, maxResponseBytes: 1 }
  await serveRequests(host, { protocol: HAVE_PROTOCOL, ...limits, log }, async (request, peer) => {
    const held = limiter.take(peer.toString()) && (await has(CID.decode(request)))
    return Uint8Array.of(held ? 1 : 0)
  })
  return {
    async ask(peer: PeerId, cid: CID, signal: AbortSignal): Promise<boolean> {
      const answer = await askPeer(host, peer, cid.bytes, { protocol: HAVE_PROTOCOL, maxResponseBytes: 1, signal })
      return answer[0] === 1
    },
    stop: () => host.unhandle(HAVE_PROTOCOL),
  }
}

export type HaveProtocol = Awaited<ReturnType<typeof createHaveProtocol>>
