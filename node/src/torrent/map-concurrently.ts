/**
 * Applies an operation to what an iterable yields, so many at once, and yields the results as they come. Stops early where
 * the reader does; an operation that fails ends everything.
 */
export async function* mapConcurrently<T, R>(
  items: AsyncIterable<T>,
  most: number,
  operation: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const iterator = items[Symbol.asyncIterator]()
  // Each settles with its own key, and leaves when it was looked at: two may settle between two looks.
  const running = new Map<number, Promise<readonly [number, Step<T, R>]>>()
  let nextKey = 0
  const start = (work: Promise<Step<T, R>>): void => {
    const key = nextKey
    nextKey += 1
    running.set(
      key,
      work.then((step) => [key, step] as const),
    )
  }
  const pull = (): void => start(iterator.next().then((next) => ({ next })))
  let waiting = false
  try {
    pull()
    while (running.size > 0) {
      const [key, step] = await Promise.race(running.values())
      running.delete(key)
      if ('result' in step) yield step.result
      else if (step.next.done !== true) {
        start(operation(step.next.value).then((result) => ({ result })))
        waiting = true
      }
      if (!waiting || running.size >= most) continue
      waiting = false
      pull()
    }
  } finally {
    for (const promise of running.values()) promise.catch(() => undefined)
    await iterator.return?.()
  }
}

/** The next item, or what became of one. */
type Step<T, R> = { readonly next: IteratorResult<T> } | { readonly result: R }
