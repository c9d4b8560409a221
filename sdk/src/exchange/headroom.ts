/** Bytes in front of a slice in memory: enough for a frame's length, its envelope and a transport's own head. */
const HEADROOM = 32

/** Memory whose headroom nobody has written to yet. */
const free = new WeakSet<ArrayBufferLike>()

/**
 * Memory for `length` bytes with room in front of them, so that what goes before a slice on the wire can be written there and
 * the frame leaves in one piece: sent in parts, an encrypted transport copies 256 KiB to join them.
 * @param allocate gives as many bytes as asked for, in a buffer of their own
 */
export function allocateWithHeadroom(length: number, allocate: (length: number) => ArrayBuffer): Uint8Array {
  const buffer = allocate(HEADROOM + length)
  free.add(buffer)
  return new Uint8Array(buffer, HEADROOM, length)
}

/**
 * `heads` and `body` as one view of the body's memory. Once for each body; undefined afterwards, where there is no room, and
 * for bytes that were made otherwise.
 */
export function prependInPlace(heads: readonly Uint8Array[], body: Uint8Array): Uint8Array | undefined {
  const length = heads.reduce((sum, head) => sum + head.length, 0)
  if (length > HEADROOM || body.byteOffset !== HEADROOM || !free.delete(body.buffer)) return undefined
  const frame = new Uint8Array(body.buffer, HEADROOM - length, length + body.length)
  let at = 0
  for (const head of heads) {
    frame.set(head, at)
    at += head.length
  }
  return frame
}
