/** Opens a stream of a content's plaintext from byte `start` to its end; cancelled when no more of it is wanted. */
export type OpenStream = (start: number, signal: AbortSignal) => ReadableStream<Uint8Array>

/** Slices kept in memory after they were read: 16 MiB, enough for a player that looks back at the file's index. */
const KEPT_SLICES = 64

/**
 * Reads byte ranges of a content through whole slices and remembers the latest: players ask for the same bytes more than
 * once, and a slice should be paid for once.
 */
export function createSliceReader({ size, sliceBytes, open }: createSliceReader.Options) {
  const kept = new Map<number, Uint8Array>()

  const remember = (index: number, slice: Uint8Array) => {
    kept.delete(index)
    kept.set(index, slice)
    const oldest = kept.keys().next().value
    if (kept.size > KEPT_SLICES && oldest !== undefined) kept.delete(oldest)
  }

  return async function* read(start: number, end: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    let source: SliceSource | undefined
    try {
      for (let index = Math.floor(start / sliceBytes); index * sliceBytes < end; index += 1) {
        signal.throwIfAborted()
        let slice = kept.get(index)
        if (slice === undefined) {
          if (source?.next !== index) await source?.cancel()
          source = source?.next === index ? source : openSource(open, index, sliceBytes, signal)
          slice = await source.take(Math.min(sliceBytes, size - index * sliceBytes))
        }
        remember(index, slice)
        const offset = index * sliceBytes
        yield slice.subarray(Math.max(0, start - offset), Math.min(slice.length, end - offset))
      }
    } finally {
      await source?.cancel()
    }
  }
}

export declare namespace createSliceReader {
  type Options = { readonly size: number; readonly sliceBytes: number; readonly open: OpenStream }
}

type SliceSource = {
  /** Index of the slice that `take` gives next. */
  readonly next: number
  take(length: number): Promise<Uint8Array>
  cancel(): Promise<void>
}

/** A stream from a slice's first byte on, re-cut into slices whatever the sizes of its chunks. */
function openSource(open: OpenStream, first: number, sliceBytes: number, signal: AbortSignal): SliceSource {
  const reader = open(first * sliceBytes, signal).getReader()
  let rest = new Uint8Array()
  let next = first
  return {
    get next() {
      return next
    },
    async take(length) {
      const slice = new Uint8Array(length)
      let filled = 0
      while (filled < length) {
        if (rest.length === 0) {
          const { value, done } = await reader.read()
          if (done) throw new Error('The stream ended before its content did.')
          rest = new Uint8Array(value)
        }
        const part = rest.subarray(0, length - filled)
        slice.set(part, filled)
        filled += part.length
        rest = rest.subarray(part.length)
      }
      next += 1
      return slice
    },
    cancel: () => reader.cancel().catch(() => undefined),
  }
}
