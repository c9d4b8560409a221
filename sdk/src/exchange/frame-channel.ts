import { prependInPlace } from './headroom.ts'

/**
 * A duplex of whole frames between two peers: a libp2p stream with length prefixes, a WebSocket's binary messages, or a
 * pair in memory. What a frame holds is the wire's business; a transport only bounds its size.
 */
export type FrameChannel = {
  /**
   * Queues one frame; resolves when the transport has room again, rejects once the channel is closed. What is in `body`
   * ends the frame: a slice goes out as it was read, where the transport takes it in parts.
   */
  send(frame: Uint8Array, body?: Uint8Array): Promise<void>
  /** The peer's frames, in order, one reader; ends when the peer closes, throws when the channel breaks. */
  readonly frames: AsyncIterable<Uint8Array>
  /** Closes in order, after what was sent. */
  close(): Promise<void>
  /** Breaks the channel at once. */
  abort(reason: Error): void
}

/** Longest frame on the slice exchange: a slice of 262,144 bytes and its envelope. */
export const MAX_FRAME_BYTES = 262_144 + 1024

/** One frame in one piece, for transports that take no other; not copied where the body has headroom. */
export function joinFrame(frame: Uint8Array, body: Uint8Array | undefined): Uint8Array {
  if (body === undefined) return frame
  const inPlace = prependInPlace([frame], body)
  if (inPlace !== undefined) return inPlace
  const joined = new Uint8Array(frame.length + body.length)
  joined.set(frame)
  joined.set(body, frame.length)
  return joined
}
