import { SluiceError } from '../errors.ts'
import { MAX_FRAME_BYTES } from './frame-channel.ts'

const MAX_PREFIX_BYTES = 3
const CONTINUES = 0x80

/**
 * Cuts a stream of bytes into frames, each after its length as an unsigned varint. Every frame gets a buffer of its own,
 * filled once: what a transport hands over is copied exactly one time.
 */
export type FrameReader = { push(chunk: Uint8Array): void; readonly isPartial: boolean }

/**
 * @param allocate memory for a frame, every byte of which is written before the frame is handed out
 * @throws FRAME_INVALID from `push` for a frame longer than the exchange allows
 */
export function createFrameReader(
  onFrame: (frame: Uint8Array) => void,
  allocate = (length: number): Uint8Array => new Uint8Array(length),
): FrameReader {
  let frame: Uint8Array | undefined
  let filled = 0
  let length = 0
  let prefixBytes = 0

  /** Reads the prefix byte by byte; returns how far it got. */
  const readPrefix = (chunk: Uint8Array, start: number): number => {
    let offset = start
    while (offset < chunk.length && frame === undefined) {
      const byte = chunk[offset] ?? 0
      offset += 1
      length += (byte & ~CONTINUES) * 2 ** (7 * prefixBytes)
      prefixBytes += 1
      if (length > MAX_FRAME_BYTES || (byte >= CONTINUES && prefixBytes === MAX_PREFIX_BYTES)) {
        throw new SluiceError('FRAME_INVALID', 'The peer announced a frame that is too long.')
      }
      if (byte < CONTINUES) frame = allocate(length)
    }
    return offset
  }

  const finish = (complete: Uint8Array): void => {
    frame = undefined
    filled = 0
    length = 0
    prefixBytes = 0
    onFrame(complete)
  }

  return {
    get isPartial() {
      return frame !== undefined || prefixBytes > 0
    },
    push: (chunk) => {
      let offset = 0
      while (offset < chunk.length) {
        offset = readPrefix(chunk, offset)
        if (frame === undefined) return
        const part = chunk.subarray(offset, offset + frame.length - filled)
        frame.set(part, filled)
        filled += part.length
        offset += part.length
        if (filled === frame.length) finish(frame)
      }
    },
  }
}

/** The length prefix of a frame. */
export function encodePrefix(length: number): Uint8Array {
  const bytes: number[] = []
  let rest = length
  for (; rest >= CONTINUES; rest = Math.floor(rest / CONTINUES)) bytes.push((rest % CONTINUES) | CONTINUES)
  return Uint8Array.from([...bytes, rest])
}
