import type { PeerId } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { SluiceError } from '@sluice/sdk'
import type { Log } from '../log.ts'
import type { Host } from './host.ts'

export type ServeOptions = {
  readonly protocol: string
  readonly maxRequestBytes: number
  readonly maxResponseBytes: number
  readonly log: Log
  /** Requests answered at once, all peers together; the rest are reset. */
  readonly concurrency?: number
}

export type AskOptions = { readonly protocol: string; readonly maxResponseBytes: number; readonly signal: AbortSignal }

const SERVE_TIMEOUT_MS = 10_000
const CONCURRENCY = 64
const STREAMS_PER_PEER = 32

/** Serves a protocol of one request and one response per stream. What `answer` throws resets the stream. */
export async function serveRequests(
  host: Host,
  options: ServeOptions,
  answer: (request: Uint8Array, peer: PeerId, signal: AbortSignal) => Promise<Uint8Array>,
): Promise<void> {
  const { protocol, maxRequestBytes, maxResponseBytes, log, concurrency = CONCURRENCY } = options
  let running = 0
  await host.handle(
    protocol,
    async (stream, { remotePeer }) => {
      if (running >= concurrency) return stream.abort(new Error('too many requests at once'))
      running += 1
      const signal = AbortSignal.timeout(SERVE_TIMEOUT_MS)
      try {
        const messages = lpStream(stream, { maxDataLength: Math.max(maxRequestBytes, maxResponseBytes) })
        const request = (await messages.read({ signal })).subarray()
        if (request.length > maxRequestBytes) throw new SluiceError('PROTOCOL_VIOLATION', 'The request is too long.')
        await messages.write(await answer(request, remotePeer, signal), { signal })
        await stream.close({ signal })
      } catch (error) {
        log.debug({ err: error, protocol, peerId: remotePeer.toString() }, 'dropped a request')
        stream.abort(error instanceof Error ? error : new Error(String(error)))
      } finally {
        running -= 1
      }
    },
    { maxInboundStreams: STREAMS_PER_PEER, force: true },
  )
}

/** Asks one peer, dialling it if need be. Throws NODE_UNREACHABLE, PROTOCOL_VIOLATION, TIMEOUT or ABORTED. */
export async function askPeer(
  host: Host,
  peer: PeerId | Multiaddr[],
  request: Uint8Array,
  { protocol, maxResponseBytes, signal }: AskOptions,
): Promise<Uint8Array> {
  try {
    const stream = await host.dialProtocol(peer, protocol, { signal })
    try {
      const messages = lpStream(stream, { maxDataLength: Math.max(maxResponseBytes, request.length) })
      await messages.write(request, { signal })
      const response = (await messages.read({ signal })).subarray()
      void stream.close().catch(() => undefined)
      return response
    } catch (error) {
      stream.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  } catch (cause) {
    throw networkError(cause, signal)
  }
}

/** What went wrong on the way to a peer, as one of our codes. */
export function networkError(cause: unknown, signal: AbortSignal): SluiceError {
  if (cause instanceof SluiceError) return cause
  if (signal.aborted) {
    const isTimeout = signal.reason instanceof Error && signal.reason.name === 'TimeoutError'
    return isTimeout
      ? new SluiceError('TIMEOUT', 'The peer did not answer in time.', { cause })
      : new SluiceError('ABORTED', 'The request was called off.', { cause })
  }
  if (cause instanceof Error && cause.name === 'InvalidDataLengthError') {
    return new SluiceError('PROTOCOL_VIOLATION', 'The peer answered with too much.', { cause })
  }
  return new SluiceError('NODE_UNREACHABLE', 'The peer cannot be reached, or does not speak this protocol.', { cause })
}
