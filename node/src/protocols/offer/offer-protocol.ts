import type { PeerId } from '@libp2p/interface'
import type { Log } from '../../log.ts'
import type { Host } from '../../net/host.ts'
import { askPeer, serveRequests } from '../../net/request.ts'

/** `/sluice/offer/1.0.0`: a content id or CID as text → one byte, 1 when the peer fetches a replica of it now. */
export const OFFER_PROTOCOL = '/sluice/offer/1.0.0'

const MAX_REFERENCE_BYTES = 128
/** Each offer may cost look-ups in the network and on chain. */
const AT_ONCE = 4

/** Answers offers of contents to keep. @returns What stops it. */
export async function serveOffers(
  host: Host,
  log: Log,
  accept: (reference: string, peerId: string, signal: AbortSignal) => Promise<boolean>,
): Promise<() => Promise<void>> {
  const limits = { maxRequestBytes: MAX_REFERENCE_BYTES, maxResponseBytes: 1, concurrency: AT_ONCE }
  await serveRequests(host, { protocol: OFFER_PROTOCOL, ...limits, log }, async (request, peer, signal) => {
    const reference = new TextDecoder('utf-8', { fatal: true }).decode(request)
    return Uint8Array.of((await accept(reference, peer.toString(), signal)) ? 1 : 0)
  })
  return () => host.unhandle(OFFER_PROTOCOL)
}

/** Offers a content to a peer; whether it takes it. Throws NODE_UNREACHABLE, PROTOCOL_VIOLATION, TIMEOUT or ABORTED. */
export async function offerContent(host: Host, peer: PeerId, reference: string, signal: AbortSignal): Promise<boolean> {
  const asked = { protocol: OFFER_PROTOCOL, maxResponseBytes: 1, signal }
  const answer = await askPeer(host, peer, new TextEncoder().encode(reference), asked)
  return answer[0] === 1
}
