import type { WireExtension } from 'bittorrent-protocol'
import { createFrameQueue, MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import type { FrameQueue } from '@sluice/sdk/exchange'
import { SluiceError } from '@sluice/sdk'
import type { PeerWire } from './peer-wire.ts'

/** Name of the extension (BEP 10) that carries the slice exchange’s frames; see docs/protocol.md. */
export const EXCHANGE_EXTENSION = 'sluice_exchange'

/** What a frame counts for besides its bytes while it waits: as many small ones as fit would be many. */
const FRAME_COST = 256
/** What may wait for a fetcher's machine, in bytes: 64 slices may be asked for at once, and they come as they are asked for. */
const FETCHING_BOUND = 64 * (MAX_FRAME_BYTES + FRAME_COST)
/** What may wait for a seeder's machine, in bytes: what it is sent is small. */
export const SERVING_BOUND = 1024 * 1024

/** The frames of the slice exchange inside a BitTorrent connection. */
export type ExchangeFrames = {
  /** What the peer sent, and what a channel makes of its pieces and requests. */
  readonly queue: FrameQueue
  /** Has what comes looked at first: frames that it takes are not queued. */
  intercept(take: (frame: Uint8Array) => boolean): void
  send(frame: Uint8Array): Promise<void>
}

/**
 * Teaches a wire the exchange. Used before the handshake leaves; `onPeer` is told once, with what the peer said in its
 * extended handshake, if it speaks the exchange too.
 * @param maxBytes what may wait for the machine, in bytes; a fetcher's slices where it is left out
 */
export function useExchange(
  peer: PeerWire,
  onPeer: (handshake: Record<string, unknown>) => void,
  maxBytes = FETCHING_BOUND,
): ExchangeFrames {
  const queue = createFrameQueue({ maxBytes, frameCost: FRAME_COST })
  let isTaken = (_frame: Uint8Array): boolean => false
  const extension = class {
    onExtendedHandshake(handshake: Record<string, unknown>): void {
      onPeer(handshake)
    }
    onMessage(message: Uint8Array): void {
      if (message.length === 0 || message.length > MAX_FRAME_BYTES) {
        throw new SluiceError('FRAME_INVALID', 'Not a frame of the slice exchange.')
      }
      if (isTaken(message)) return
      // A copy, for what is kept may be small and the socket's buffer it is in large.
      if (!queue.push(new Uint8Array(message))) peer.abort()
    }
  }
  peer.wire.use(named(extension, EXCHANGE_EXTENSION))
  void peer.closed.then((error) => (error === undefined ? queue.end() : queue.fail(error)))
  return {
    queue,
    intercept: (take) => void (isTaken = take),
    send: (frame) => peer.batch(() => peer.wire.extended(EXCHANGE_EXTENSION, frame)),
  }
}

/** The library looks for an extension's name on its prototype. */
export function named(extension: WireExtension, name: string): WireExtension {
  Object.defineProperty(extension.prototype, 'name', { value: name })
  return extension
}
