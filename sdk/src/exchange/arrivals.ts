/** What is being waited for, one reader: in the order in which it was asked for, or in which it comes. */
export type Arrivals<T> = {
  /** Being waited for, or here and not taken yet. */
  readonly size: number
  add(promise: Promise<T>): void
  /** Takes the next one; rejects as that one does. Something must have been added. */
  next(): Promise<T>
  /** Resolves when nothing is on its way any more, whatever became of it. */
  settled(): Promise<void>
}

export function createArrivals<T>({ inOrder }: { inOrder: boolean }): Arrivals<T> {
  const onTheirWay = new Set<Promise<T>>()
  const ready: Promise<T>[] = []
  let wake: (() => void) | undefined
  let size = 0

  const arrive = (promise: Promise<T>): void => {
    onTheirWay.delete(promise)
    if (!inOrder) ready.push(promise)
    wake?.()
  }
  return {
    get size() {
      return size
    },
    add: (promise) => {
      size += 1
      onTheirWay.add(promise)
      if (inOrder) ready.push(promise)
      promise.then(
        () => arrive(promise),
        () => arrive(promise),
      )
    },
    next: async () => {
      while (ready.length === 0) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
      size -= 1
      return ready.shift() as Promise<T>
    },
    settled: async () => {
      await Promise.allSettled(onTheirWay)
    },
  }
}
