/**
 * Cuts a byte source into chunks of exactly `size`, the last one shorter; an empty source yields one empty chunk. A
 * chunk that lies whole within a piece of the source is a view of it, so the source must not reuse its buffers.
 */
export async function* rechunk(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let partial = new Uint8Array(0)
  let filled = 0
  let chunks = 0
  for await (const piece of source) {
    let at = 0
    while (at < piece.length) {
      if (filled === 0 && piece.length - at >= size) {
        yield piece.subarray(at, at + size)
        at += size
        chunks += 1
        continue
      }
      if (filled === 0) partial = new Uint8Array(size)
      const taken = piece.subarray(at, at + size - filled)
      partial.set(taken, filled)
      filled += taken.length
      at += taken.length
      if (filled < size) continue
      yield partial
      filled = 0
      chunks += 1
    }
  }
  if (filled > 0 || chunks === 0) yield partial.subarray(0, filled)
}
