import type { PeerId } from '@libp2p/interface'
import { MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES } from '@sluice/sdk/key'
import type { Log } from '../../log.ts'
import type { Host } from '../../net/host.ts'
import { askPeer, serveRequests } from '../../net/request.ts'
import type { KeyService } from './key-service.ts'

/** `/sluice/key/1.0.0`: an encoded share request → an encoded response. One request per stream. */
export const KEY_PROTOCOL = '/sluice/key/1.0.0'

export type ServeKeysOptions = { readonly host: Host; readonly service: KeyService; readonly log: Log }

/** Serves a keeper's shares to peers. @returns What stops it. */
export async function serveKeys({ host, service, log }: ServeKeysOptions): Promise<() => Promise<void>> {
  const limits = { maxRequestBytes: MAX_REQUEST_BYTES, maxResponseBytes: MAX_RESPONSE_BYTES }
  await serveRequests(host, { protocol: KEY_PROTOCOL, ...limits, log }, (request, peer) =>
    service.answer(request, { caller: peer.toString() }),
  )
  return () => host.unhandle(KEY_PROTOCOL)
}

/**
 * Carries one encoded request to a keeper and its encoded answer back, unread.
 * @throws NODE_UNREACHABLE, PROTOCOL_VIOLATION, TIMEOUT or ABORTED.
 */
export async function requestShare(
  host: Host,
  keeper: PeerId,
  request: Uint8Array,
  { signal }: { signal: AbortSignal },
): Promise<Uint8Array> {
  const options = { protocol: KEY_PROTOCOL, maxResponseBytes: MAX_RESPONSE_BYTES, signal }
  return new Uint8Array(await askPeer(host, keeper, request, options))
}
