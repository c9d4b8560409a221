/** Deterministic bytes for tests and vectors: byte i is `(i * 31 + (i >> 8) * 17 + seed) mod 256`. */
export function pattern(size: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => at * 31 + (at >> 8) * 17 + seed)
}

/** A byte source that yields pieces of the given sizes, over and over, until all bytes are out. */
export async function* inPieces(bytes: Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length
    yield bytes.slice(at, at + size)
    at += size
  }
}

/** All that an async source yields. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of source) items.push(item)
  return items
}
