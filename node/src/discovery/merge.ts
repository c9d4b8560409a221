/**
 * Yields what several sources find, as they find it, each key once; ends when all have ended or the signal aborts. A
 * source that fails ends like one that found nothing: discovery is best effort.
 */
export async function* mergeUnique<T>(
  sources: readonly AsyncIterable<T>[],
  key: (item: T) => string,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const seen = new Set<string>()
  const queue: T[] = []
  let open = sources.length
  let wake = Promise.withResolvers<void>()
  const stop = (): void => wake.resolve()
  signal.addEventListener('abort', stop)

  async function drain(source: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of source) {
        if (signal.aborted) return
        if (seen.has(key(item))) continue
        seen.add(key(item))
        queue.push(item)
        wake.resolve()
      }
    } catch {
      // See above: the other sources go on.
    } finally {
      open -= 1
      wake.resolve()
    }
  }

  for (const source of sources) void drain(source)
  try {
    while (!signal.aborted) {
      const item = queue.shift()
      if (item !== undefined) {
        yield item
        continue
      }
      if (open === 0) return
      await wake.promise
      wake = Promise.withResolvers()
    }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
